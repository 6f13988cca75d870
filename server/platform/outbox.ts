import type { QueryFilter } from 'mongoose'
import type { Events, Id } from '../kernel/contract.js'
import { listenersOf } from '../kernel/events.js'
import { logger, loggedAs } from '../kernel/logger.js'
import { now } from './clock.js'
import { defineModel, isDuplicateKey, Schema } from './database.js'
import { countWork } from './metrics.js'
import { makePoller, type Claimed } from './poller.js'

/** One event on its way to one listener. */
export interface Delivery {
  readonly _id: string
  readonly event: string
  readonly listener: string
  /** What it is about: deliveries of one subject to one listener keep their order. */
  readonly subject: Id
  readonly payload: unknown
  readonly status: 'waiting' | 'dead'
  readonly tries: number
  readonly at: Date
  readonly dueAt: Date
  readonly leasedUntil?: Date
  readonly error?: string
}

const maxTries = 8
/** Short, since a crash holds a delivery back as long; a listener at work extends it. */
const leaseLasts = 5_000
const looksAtOnce = 20

const deliverySchema = new Schema<Delivery>({
  _id: { type: String, required: true },
  event: { type: String, required: true },
  listener: { type: String, required: true },
  subject: { type: String, required: true },
  payload: Schema.Types.Mixed,
  status: { type: String, default: 'waiting' },
  tries: { type: Number, default: 0 },
  at: { type: Date, required: true },
  dueAt: { type: Date, required: true },
  leasedUntil: Date,
  error: String,
})
deliverySchema.index({ status: 1, dueAt: 1 })
deliverySchema.index({ listener: 1, subject: 1, at: 1 })

export const DeliveryModel = defineModel<Delivery>('platform.Delivery', deliverySchema)

/**
 * Announces a fact: one delivery per listener, under an id made of `key`, so that announcing again changes nothing.
 * Returns once the deliveries are stored. `subject` orders them; by default the key.
 */
export async function announce<E extends keyof Events>(
  event: E,
  payload: Events[E],
  { key, subject = key }: { key: string; subject?: Id },
): Promise<void> {
  const at = now()
  const deliveries = listenersOf(event).map(({ plugin }) => ({
    _id: `${event}:${key}:${plugin}`,
    event,
    listener: plugin,
    subject,
    payload,
    status: 'waiting',
    tries: 0,
    at,
    dueAt: at,
  }))
  await Promise.all(deliveries.map((delivery) => storeOnce(delivery as Delivery)))
  if (deliveries.length > 0) poller.nudge()
}

/** Starts delivering: at once when something is announced here, each second for what others announced. */
export const startDeliveries = (): void => poller.start()

/** Stops, and waits for the deliveries under way. */
export const stopDeliveries = (): Promise<void> => poller.stop()

/** Delivers all that is due now, for tests. */
export const deliverDue = (): Promise<void> => poller.drain()

/** Deliveries that failed too often, the latest first; `limit` of them after `skip`. */
export async function deadDeliveries(skip: number, limit: number): Promise<Delivery[]> {
  return DeliveryModel.find({ status: 'dead' })
    .sort({ dueAt: -1 })
    .skip(skip)
    .limit(limit)
    .lean<Delivery[]>()
}

export const countDeadDeliveries = (): Promise<number> =>
  DeliveryModel.countDocuments({ status: 'dead' })

export const countWaitingDeliveries = (): Promise<number> =>
  DeliveryModel.countDocuments({ status: 'waiting' })

/** When the delivery that has waited longest was due, of those that nobody has tried and that wait for no other. */
export async function oldestUndelivered(): Promise<Date | undefined> {
  const due = await DeliveryModel.find({ status: 'waiting', tries: 0, dueAt: { $lt: now() } })
    .sort({ dueAt: 1, _id: 1 })
    .limit(looksAtOnce)
    .lean<Delivery[]>()
  for (const delivery of due) if ((await headOf(delivery)) === delivery._id) return delivery.dueAt
  return undefined
}

/** Gives a dead delivery its tries back. Returns whether there was one. */
export async function replayDelivery(id: string): Promise<boolean> {
  const { modifiedCount } = await DeliveryModel.updateOne(
    { _id: id, status: 'dead' },
    { $set: { status: 'waiting', tries: 0, dueAt: now() }, $unset: { error: 1, leasedUntil: 1 } },
  )
  if (modifiedCount > 0) poller.nudge()
  return modifiedCount > 0
}

/** Done deliveries are kept as long as an event may be announced again, so that it is delivered once. */
const doneSchema = new Schema<{ _id: string; at: Date }>({ _id: String, at: Date })
doneSchema.index({ at: 1 }, { expireAfterSeconds: 30 * 86_400 })
const DoneModel = defineModel<{ _id: string; at: Date }>('platform.Delivered', doneSchema)

async function storeOnce(delivery: Delivery): Promise<void> {
  if (await DoneModel.exists({ _id: delivery._id })) return
  try {
    await DeliveryModel.collection.insertOne(delivery as never)
  } catch (error) {
    if (!isDuplicateKey(error)) throw error
  }
}

const poller = makePoller({ what: 'deliveries', every: 1_000, lanes: 4, claim })

/** The oldest delivery that is due, not leased, and not behind an earlier one of its subject and listener. */
async function claim(): Promise<Claimed | undefined> {
  const at = now()
  const heads = new Map<string, Promise<string | undefined>>()
  for (let skip = 0; ; skip += looksAtOnce) {
    const due = await DeliveryModel.find({ ...free(at), dueAt: { $lte: at } })
      .sort({ dueAt: 1, _id: 1 })
      .skip(skip)
      .limit(looksAtOnce)
      .lean<Delivery[]>()
    for (const delivery of due) {
      const queue = `${delivery.listener}\0${delivery.subject}`
      const head = heads.get(queue) ?? headOf(delivery)
      heads.set(queue, head)
      const claimed = (await head) === delivery._id ? await lease(delivery, at) : null
      if (claimed) return () => loggedAs({ event: claimed.event }, () => deliver(claimed))
    }
    if (due.length < looksAtOnce) return undefined
  }
}

const free = (at: Date): QueryFilter<Delivery> => ({
  status: 'waiting',
  $or: [{ leasedUntil: null as never }, { leasedUntil: { $lt: at } }],
})

const lease = ({ _id, tries }: Delivery, at: Date): Promise<Delivery | null> =>
  DeliveryModel.findOneAndUpdate(
    { ...free(at), _id, tries },
    { $set: { leasedUntil: new Date(at.getTime() + leaseLasts) }, $inc: { tries: 1 } },
    { returnDocument: 'after' },
  )
    .lean<Delivery>()
    .exec()

/** Which delivery of a subject and listener comes next: the earliest; of one moment's, the first by its id. */
async function headOf({ listener, subject }: Delivery): Promise<string | undefined> {
  const head = await DeliveryModel.findOne({ listener, subject, status: 'waiting' }, { _id: 1 })
    .sort({ at: 1, _id: 1 })
    .lean<Pick<Delivery, '_id'>>()
  return head?._id
}

/** A listener that is gone, since its plugin was turned off, is owed nothing: it rebuilds when it comes back. */
async function deliver(delivery: Delivery): Promise<void> {
  const { _id, event, listener: id, payload } = delivery
  const listener = listenersOf(event as keyof Events).find(({ plugin }) => plugin === id)
  const beat = setInterval(() => void extend(_id), leaseLasts / 3).unref()
  try {
    await listener?.handle(payload)
    await DoneModel.updateOne({ _id }, { $set: { at: now() } }, { upsert: true })
    await DeliveryModel.deleteOne({ _id })
    countWork('delivery', id, 'done')
  } catch (error) {
    await postpone(delivery, error)
  } finally {
    clearInterval(beat)
  }
}

async function extend(_id: string): Promise<void> {
  const leasedUntil = new Date(now().getTime() + leaseLasts)
  await DeliveryModel.updateOne({ _id }, { $set: { leasedUntil } }).catch((error: unknown) => {
    logger.warn({ err: error, delivery: _id }, 'a lease could not be extended')
  })
}

async function postpone({ _id, tries, listener }: Delivery, cause: unknown): Promise<void> {
  const dead = tries >= maxTries
  countWork('delivery', listener, dead ? 'dead' : 'failed')
  logger.error({ err: cause, listener, tries, dead }, 'a delivery failed')
  const delay = Math.min(3_600_000, 500 * 4 ** tries)
  await DeliveryModel.updateOne(
    { _id },
    {
      $set: {
        status: dead ? 'dead' : 'waiting',
        dueAt: new Date(now().getTime() + delay),
        error: String(cause).slice(0, 500),
      },
      $unset: { leasedUntil: 1 },
    },
  )
}
