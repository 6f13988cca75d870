import { definePlugin } from '../../../../server/kernel/contract.js'
import { logger } from '../../../../server/kernel/logger.js'
import { enable } from '../../../../server/kernel/plugins.js'
import {
  connectDatabase,
  defineModel,
  ensureIndexes,
  isDuplicateKey,
  nativeDatabase,
  Schema,
} from '../../../../server/platform/database.js'
import { startJobs, type Job } from '../../../../server/platform/jobs.js'
import { announce, startDeliveries } from '../../../../server/platform/outbox.js'
import {
  owedIndex,
  owes,
  owingFields,
  settle,
  startSweeper,
  type Owing,
} from '../../../../server/platform/owed.js'
import { enqueue } from '../../../../server/platform/jobs.js'

declare module '../../../../server/kernel/contract.js' {
  interface Events {
    'mortal:ordered': { readonly order: string }
  }
}

/** A process that dies at a step of a chain: order → announced → heard → job → done. */
const [mongodbUri = '', wantedOrders = '0', diesAt = ''] = process.argv.slice(2)

logger.level = 'silent'
const schema = new Schema<Owing>({ _id: String, ...owingFields })
schema.index(...owedIndex)
const OrderModel = defineModel<Owing>('mortal.Order', schema)

let passed = 0
/** Somewhere in the middle, so that some are done, some under way and some not begun. */
function perhapsDie(step: string): void {
  if (step === diesAt) passed += 1
  if (passed === 3) process.kill(process.pid, 'SIGKILL')
}

const note = async (step: string, order: string): Promise<void> => {
  const notes = nativeDatabase().collection<{ _id: string; times: number }>('mortal_notes')
  await notes.updateOne({ _id: `${step}:${order}` }, { $inc: { times: 1 } }, { upsert: true })
}

const pack: Job<{ order: string }> = {
  id: 'mortal:pack',
  async run({ order }) {
    perhapsDie('job')
    await note('packed', order)
    perhapsDie('job-end')
  },
}

owes<Owing>(OrderModel, {
  announce: async ({ _id }) => {
    perhapsDie('step')
    await announce('mortal:ordered', { order: _id }, { key: _id })
    perhapsDie('step-end')
  },
})

enable([
  definePlugin({
    id: 'mortal',
    contributes: { jobs: [pack] },
    on: {
      'mortal:ordered': async ({ order }) => {
        perhapsDie('listener')
        await enqueue(pack, { order }, { key: order })
        perhapsDie('listener-end')
      },
    },
  }),
])

await connectDatabase({ mongodbUri, dataDir: '' })
await ensureIndexes()
startSweeper()
startDeliveries()
await startJobs()
for (let order = 0; order < Number(wantedOrders); order += 1) {
  const _id = `order-${order}`
  try {
    await OrderModel.create({ _id, revision: 1, owed: ['announce'] })
    process.send?.(_id)
  } catch (error) {
    if (!isDuplicateKey(error)) throw error
  }
  void settle(OrderModel, _id)
}
process.send?.('ready')
