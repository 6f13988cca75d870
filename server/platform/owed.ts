import { randomUUID } from 'node:crypto'
import type { Model } from 'mongoose'
import { logger } from '../kernel/logger.js'
import { now } from './clock.js'

/** What a document carries while steps that follow from it are not done. */
export interface Owing {
  readonly _id: string
  /** Raised by each update that accepts something. */
  readonly revision: number
  readonly owed?: readonly string[]
}

type Steps<T> = Readonly<Record<string, (document: T) => Promise<void>>>

interface Ledger {
  readonly model: Model<Owing>
  readonly steps: Steps<never>
}

const ledgers = new Map<string, Ledger>()
/** Short, since it is also how long a crash can hold its own steps back; a step that takes longer runs twice. */
const lease = 5_000
const sweepEvery = 2_000
let timer: NodeJS.Timeout | undefined
let sweeping: Promise<void> = Promise.resolve()
const running = new Set<Promise<void>>()

/** Fields of a schema whose documents owe steps. With them goes `owedIndex`. */
export const owingFields = {
  revision: { type: Number, default: 0 },
  owed: { type: [String], default: undefined },
  owedUntil: { type: Date, default: undefined },
} as const

/** The partial index by which a sweeper finds what a crash left. */
export const owedIndex = [
  { owed: 1 },
  { partialFilterExpression: { owed: { $exists: true } } },
] as const

/**
 * Says what the documents of a model may owe. Steps run in the order the document lists them; each must be idempotent,
 * since a crash between two of them runs both again.
 */
export function owes<T extends Owing>(model: Model<T>, steps: Steps<T>): void {
  ledgers.set(model.modelName, {
    model: model as unknown as Model<Owing>,
    steps: steps as Steps<never>,
  })
}

/** Runs what one document owes, at once. What fails is left to the sweeper. */
export function settle<T extends Owing>(model: Model<T>, id: string): Promise<void> {
  const ledger = ledgers.get(model.modelName)
  if (!ledger) throw new Error(`${model.modelName} has no steps`)
  const work = settleOne(ledger, id).catch((error: unknown) => {
    logger.error(
      { err: error, model: model.modelName, id },
      'an owed step failed and will be tried again',
    )
  })
  running.add(work)
  return work.finally(() => running.delete(work))
}

/** Starts the sweeper that finds what a crash or an error left. */
export function startSweeper(): void {
  const sweep = (): void => {
    sweeping = sweepAll()
      .catch((error: unknown) => logger.warn({ err: error }, 'owed steps could not be swept'))
      .finally(() => {
        if (timer) timer = setTimeout(sweep, sweepEvery).unref()
      })
  }
  timer = setTimeout(sweep, 0)
}

/** Stops the sweeper and waits for the steps under way. */
export async function stopSweeper(): Promise<void> {
  clearTimeout(timer)
  timer = undefined
  await sweeping
  await Promise.all(running)
}

/** Finds and settles everything that is owed and that nobody is settling. For the sweeper, and for tests. */
export async function sweepAll(): Promise<void> {
  for (const ledger of ledgers.values()) {
    for (;;) {
      const claimed = await claim(ledger.model)
      if (!claimed) break
      await settleOne(ledger, claimed).catch((error: unknown) => {
        logger.error(
          { err: error, model: ledger.model.modelName, id: claimed },
          'an owed step failed',
        )
      })
    }
  }
}

/** Leased, so that of several processes one sweeps a document; what failed waits for its lease to end. */
async function claim(model: Model<Owing>): Promise<string | undefined> {
  const at = now()
  const found = await model
    .findOneAndUpdate(
      { owed: { $exists: true }, $or: [{ owedUntil: null }, { owedUntil: { $lt: at } }] } as object,
      { $set: { owedUntil: new Date(at.getTime() + lease) } },
      { projection: { _id: 1 } },
    )
    .lean<{ _id: string }>()
  return found?._id
}

/** A document that keeps changing meanwhile is left to the sweeper after a few rounds. */
async function settleOne({ model, steps }: Ledger, id: string): Promise<void> {
  for (let rounds = 0; rounds < 5; rounds += 1) {
    const document = await model.findById(id).lean<Owing>()
    if (!document?.owed) return
    for (const name of document.owed) {
      const step = steps[name]
      if (!step) throw new Error(`${model.modelName} owes an unknown step ${name}`)
      await step(document as never)
    }
    const { modifiedCount } = await model.updateOne(
      { _id: id, revision: document.revision },
      { $unset: { owed: 1, owedUntil: 1 } },
    )
    if (modifiedCount === 1) return
  }
}

/** An id for a document nobody gave one. */
export const newId = (): string => randomUUID()
