import { expect } from 'chai'
import { now, resetClock, setClock } from '../../../server/platform/clock.js'
import { defineModel, Schema } from '../../../server/platform/database.js'
import {
  owedIndex,
  owes,
  owingFields,
  settle,
  sweepAll,
  type Owing,
} from '../../../server/platform/owed.js'
import { closeAll, openDatabase } from './support/database.js'

interface Order extends Owing {
  readonly amount: number
}

const schema = new Schema<Order>({ _id: String, amount: Number, ...owingFields })
schema.index(...owedIndex)
const OrderModel = defineModel<Order>('trial.Order', schema)

describe('owed steps', () => {
  const done: string[] = []
  let failures = 0
  let meanwhile: (() => Promise<unknown>) | undefined

  before(async () => {
    await openDatabase()
    owes(OrderModel, {
      pack: async ({ _id, amount }) => {
        done.push(`pack ${_id} ${amount}`)
        const work = meanwhile
        meanwhile = undefined
        await work?.()
      },
      send: async ({ _id }) => {
        if (failures > 0) {
          failures -= 1
          throw new Error('the road is closed')
        }
        done.push(`send ${_id}`)
      },
    })
  })
  after(closeAll)
  afterEach(() => {
    done.length = 0
    failures = 0
    resetClock()
  })

  const accept = (id: string, amount: number): Promise<unknown> =>
    OrderModel.updateOne(
      { _id: id },
      { $set: { amount, owed: ['pack', 'send'] }, $inc: { revision: 1 } },
      { upsert: true },
    )
  const owedBy = async (id: string): Promise<readonly string[] | undefined> =>
    (await OrderModel.findById(id).lean<Order>())?.owed

  it('are done in their order, and then nothing is owed', async () => {
    await accept('a', 1)
    await settle(OrderModel, 'a')
    expect(done).to.deep.equal(['pack a 1', 'send a'])
    expect(await owedBy('a')).to.equal(undefined)
  })

  it('are done again where more was accepted while they ran', async () => {
    await accept('b', 1)
    meanwhile = () => accept('b', 2)
    await settle(OrderModel, 'b')
    expect(done).to.deep.equal(['pack b 1', 'send b', 'pack b 2', 'send b'])
    expect(await owedBy('b')).to.equal(undefined)
  })

  it('that a crash left are found by the sweeper', async () => {
    await accept('c', 3)
    await sweepAll()
    expect(done).to.deep.equal(['pack c 3', 'send c'])
    expect(await owedBy('c')).to.equal(undefined)
  })

  it('that fail stay owed, and are tried again within ten seconds', async () => {
    failures = 2
    await accept('d', 4)
    await settle(OrderModel, 'd')
    expect(await owedBy('d')).to.deep.equal(['pack', 'send'])
    await sweepAll()
    expect(done, 'leased after a failure').to.deep.equal(['pack d 4', 'pack d 4'])
    await sweepAll()
    expect(done).to.have.length(2)
    const later = new Date(now().getTime() + 9_000)
    setClock(() => later)
    await sweepAll()
    expect(done).to.deep.equal(['pack d 4', 'pack d 4', 'pack d 4', 'send d'])
    expect(await owedBy('d')).to.equal(undefined)
  })
})
