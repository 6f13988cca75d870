import { expect } from 'chai'
import { now, resetClock, setClock } from '../../../server/platform/clock.js'
import {
  announce,
  countWaitingDeliveries,
  deadDeliveries,
  deliverDue,
  DeliveryModel,
  replayDelivery,
  startDeliveries,
  stopDeliveries,
} from '../../../server/platform/outbox.js'
import { enable } from '../../../server/kernel/plugins.js'
import { closeAll, openDatabase } from './support/database.js'

declare module '../../../server/kernel/contract.js' {
  interface Events {
    'trial:posted': { readonly letter: string }
  }
}

describe('announced events', () => {
  const heard: string[] = []
  const refused = new Set<string>()

  before(openDatabase)
  after(closeAll)
  beforeEach(() => {
    const hear =
      (who: string) =>
      async ({ letter }: { letter: string }): Promise<void> => {
        if (refused.has(`${who} ${letter}`)) throw new Error('not today')
        heard.push(`${who} ${letter}`)
      }
    enable([
      { id: 'first', on: { 'trial:posted': hear('first') } },
      { id: 'second', on: { 'trial:posted': hear('second') } },
      { id: 'deaf' },
    ])
  })
  afterEach(async () => {
    heard.length = 0
    refused.clear()
    resetClock()
    await DeliveryModel.deleteMany({})
  })

  const post = (letter: string, subject = letter): Promise<void> =>
    announce('trial:posted', { letter }, { key: letter, subject })
  const later = (seconds: number): void => {
    const then = new Date(now().getTime() + seconds * 1000)
    setClock(() => then)
  }

  it('reach each listener once, however often they are announced', async () => {
    await Promise.all([post('a'), post('a')])
    await deliverDue()
    await post('a')
    await deliverDue()
    expect(heard.sort()).to.deep.equal(['first a', 'second a'])
    expect(await countWaitingDeliveries()).to.equal(0)
  })

  it('are tried again later, and only for the listener that failed', async () => {
    refused.add('first b')
    await post('b')
    await deliverDue()
    expect(heard).to.deep.equal(['second b'])
    refused.clear()
    await deliverDue()
    expect(heard, 'not before its time').to.deep.equal(['second b'])
    later(3)
    await deliverDue()
    expect(heard).to.deep.equal(['second b', 'first b'])
  })

  it('keep their order per subject, while other subjects pass', async () => {
    refused.add('first c1')
    await post('c1', 'c')
    later(1)
    await post('c2', 'c')
    await post('d1', 'd')
    await deliverDue()
    expect(heard.sort()).to.deep.equal(['first d1', 'second c1', 'second c2', 'second d1'])
    refused.clear()
    later(10)
    await deliverDue()
    expect(heard.slice(4)).to.deep.equal(['first c1', 'first c2'])
  })

  it('are not starved by many that wait for one subject', async () => {
    refused.add('first e0')
    for (let at = 0; at < 45; at += 1) await post(`e${at}`, 'e')
    await post('z', 'z')
    await deliverDue()
    expect(heard).to.include('first z')
    expect(heard).not.to.include('first e1')
  })

  it('die after eight tries, let the next pass, and can be replayed', async () => {
    refused.add('first f1')
    await post('f1', 'f')
    later(1)
    await post('f2', 'f')
    for (let tries = 0; tries < 8; tries += 1) {
      await deliverDue()
      later(3_700)
    }
    await deliverDue()
    expect(heard).to.include('first f2')
    const [dead, ...others] = await deadDeliveries(0, 10)
    expect(others).to.deep.equal([])
    expect(dead).to.include({ listener: 'first', tries: 8, error: 'Error: not today' })
    refused.clear()
    expect(await replayDelivery(dead?._id ?? '')).to.equal(true)
    await deliverDue()
    expect(heard.at(-1)).to.equal('first f1')
    expect(await replayDelivery(dead?._id ?? '')).to.equal(false)
  })

  it('are taken up within ten seconds where a process died delivering', async () => {
    await post('g')
    const leasedUntil = new Date(now().getTime() + 5_000)
    await DeliveryModel.updateMany({}, { $set: { leasedUntil, tries: 1 } })
    await deliverDue()
    expect(heard).to.deep.equal([])
    later(9)
    await deliverDue()
    expect(heard.sort()).to.deep.equal(['first g', 'second g'])
  })

  it('are delivered at once while the process runs, and stopping waits for them', async () => {
    startDeliveries()
    await post('h')
    for (let waited = 0; heard.length === 0 && waited < 10_000; waited += 20)
      await new Promise((done) => setTimeout(done, 20))
    await stopDeliveries()
    expect(heard.sort()).to.deep.equal(['first h', 'second h'])
  })
})
