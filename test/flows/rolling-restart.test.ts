import { expect } from 'chai'
import { request } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { removeData, startPalier, type Palier } from '../support/palier.js'
import { freePort } from '../support/ports.js'
import { getPage, postForm, signIn } from '../support/session.js'
import { startSharedStore, type SharedStore } from '../support/store.js'
import { startBalancer, type Balancer } from './support/balancer.js'

const drainSeconds = 1
const visitors = 6

describe('two processes behind a load balancer', function () {
  this.timeout(300_000)
  let store: SharedStore
  let env: Record<string, string>
  let processes: Palier[] = []
  let balancer: Balancer

  before(async () => {
    store = await startSharedStore()
    const port = await freePort()
    env = {
      ...store.env,
      PUBLIC_URL: `http://localhost:${port}`,
      DRAIN_SECONDS: String(drainSeconds),
    }
    processes = [await startPalier({ env }), await startPalier({ env })]
    balancer = await startBalancer(
      port,
      processes.map(({ url }) => url.replace('localhost', '127.0.0.1')),
    )
  })
  after(async () => {
    balancer.close()
    for (const palier of processes) await palier.kill()
    await store.stop()
    removeData()
  })

  it('answer every request while one after the other is restarted', async () => {
    const cookie = await signIn(balancer.url, 'learner@demo.palier')
    const isOver = { yet: false }
    const answers = Promise.all(
      Array.from({ length: visitors }, (_none, at) => visit(balancer.url, { cookie, at, isOver })),
    )
    for (const [at, palier] of processes.entries()) {
      await wait(1000)
      const slow = slowForm(balancer.url, { cookie, seconds: 3 * drainSeconds })
      await wait(200)
      await palier.stop()
      processes[at] = await startPalier({ env, again: palier })
      expect(await slow, 'a form that was being sent').to.equal(303)
    }
    await wait(1000)
    isOver.yet = true
    const statuses = (await answers).flat()
    expect(statuses.filter((status) => ![200, 303].includes(status))).to.deep.equal([])
    expect(statuses.length).to.be.above(100)
    expect([...balancer.sent.values()].every((sent) => sent > 30)).to.equal(true)
  })
})

interface Visit {
  readonly cookie: string
  readonly at: number
  readonly isOver: { readonly yet: boolean }
}

/** What somebody does who clicks without a pause; 0 is a connection that broke. */
async function visit(url: string, { cookie, at, isOver }: Visit): Promise<number[]> {
  const preferences = { language: 'en', theme: 'system', timeZone: 'UTC' }
  const clicks = [
    () => getPage(url, '/', cookie),
    () => postForm(url, '/me/preferences', preferences, cookie),
    () => getPage(url, '/courses', cookie),
    () => getPage(url, '/sign-in'),
  ]
  const statuses: number[] = []
  for (let click = at; !isOver.yet; click += 1) {
    const answer = await clicks[click % clicks.length]?.().catch(() => undefined)
    await answer?.arrayBuffer().catch(() => undefined)
    statuses.push(answer?.status ?? 0)
  }
  return statuses
}

/** A form that takes longer to send than the process that reads it goes on letting people in. */
function slowForm(
  url: string,
  { cookie, seconds }: { readonly cookie: string; readonly seconds: number },
): Promise<number> {
  const body = 'language=en&theme=system&timeZone=UTC'
  return new Promise((done) => {
    const sent = request(
      new URL('/me/preferences', url),
      {
        method: 'POST',
        headers: {
          cookie,
          origin: url,
          'content-type': 'application/x-www-form-urlencoded',
          'content-length': body.length,
        },
      },
      (answer) => {
        answer.resume()
        done(answer.statusCode ?? 0)
      },
    )
    sent.on('error', () => done(0))
    sent.write(body.slice(0, 9))
    setTimeout(() => sent.end(body.slice(9)), seconds * 1000)
  })
}
