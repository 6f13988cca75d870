import type { Events, Id } from '../kernel/contract.js'
import { listenersOf } from '../kernel/events.js'
import { logger } from '../kernel/logger.js'
import { now } from './clock.js'
import { defineModel, isDuplicateKey, Schema } from './database.js'

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
const lease = 30_000
const pollEvery = 1_000

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

let timer: NodeJS.Timeout | undefined
let stopped = true
let working: Promise<void> = Promise.resolve()
let again = false

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
  if (deliveries.length > 0) nudge()
}

/** Starts delivering: at once when something is announced here, each second for what others announced. */
export function startDeliveries(): void {
  stopped = false
  schedule(0)
}

/** Stops, and waits for the delivery under way. */
export async function stopDeliveries(): Promise<void> {
  stopped = true
  clearTimeout(timer)
  await working
}

/** Delivers all that is due now. For the poll, and for tests. */
export async function deliverDue(): Promise<void> {
  for (;;) {
    const delivery = await claim()
    if (!delivery) return
    await deliver(delivery)
  }
}

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

/** Gives a dead delivery its tries back. Returns whether there was one. */
export async function replayDelivery(id: string): Promise<boolean> {
  const { modifiedCount } = await DeliveryModel.updateOne(
    { _id: id, status: 'dead' },
    { $set: { status: 'waiting', tries: 0, dueAt: now() }, $unset: { error: 1, leasedUntil: 1 } },
  )
  if (modifiedCount > 0) nudge()
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

function nudge(): void {
  again = true
  if (!stopped) schedule(0)
}

function schedule(delay: number): void {
  clearTimeout(timer)
  timer = setTimeout(() => {
    working = working.then(round)
  }, delay).unref()
}

async function round(): Promise<void> {
  again = false
  try {
    await deliverDue()
  } catch (error) {
    logger.warn({ err: error }, 'deliveries could not be read')
  }
  if (!stopped) schedule(again ? 0 : pollEvery)
}

/** The oldest delivery that is due, not leased, and not behind an earlier one of its subject and listener. */
async function claim(): Promise<Delivery | undefined> {
  const at = now()
  const due = await DeliveryModel.find({
    status: 'waiting',
    dueAt: { $lte: at },
    $or: [{ leasedUntil: null }, { leasedUntil: { $lt: at } }],
  })
    .sort({ dueAt: 1 })
    .limit(20)
    .lean<Delivery[]>()
  for (const delivery of due) {
    if (await isBehindAnother(delivery)) continue
    const claimed = await DeliveryModel.findOneAndUpdate(
      { _id: delivery._id, tries: delivery.tries, status: 'waiting' },
      { $set: { leasedUntil: new Date(at.getTime() + lease) }, $inc: { tries: 1 } },
      { returnDocument: 'after' },
    ).lean<Delivery>()
    if (claimed) return claimed
  }
  return undefined
}

const isBehindAnother = async ({ _id, listener, subject, at }: Delivery): Promise<boolean> =>
  (await DeliveryModel.exists({
    listener,
    subject,
    at: { $lt: at },
    status: 'waiting',
    _id: { $ne: _id },
  })) !== null

async function deliver(delivery: Delivery): Promise<void> {
  const listener = listenersOf(delivery.event as keyof Events).find(
    ({ plugin }) => plugin === delivery.listener,
  )
  try {
    await listener?.handle(delivery.payload)
    await DoneModel.updateOne({ _id: delivery._id }, { $set: { at: now() } }, { upsert: true })
    await DeliveryModel.deleteOne({ _id: delivery._id })
  } catch (error) {
    await postpone(delivery, error)
  }
}

async function postpone({ _id, tries, event, listener }: Delivery, cause: unknown): Promise<void> {
  const dead = tries >= maxTries
  logger.error({ err: cause, event, listener, tries, dead }, 'a delivery failed')
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
