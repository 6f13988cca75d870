import mongoose, { type Model, type QueryFilter, type Schema } from 'mongoose'
import { join } from 'node:path'
import { startStore, type RunningStoreProcess } from '../store/launcher.js'
import { logger } from '../kernel/logger.js'
import { now } from './clock.js'
import { countRoundTrip } from './metrics.js'
import { withoutQuoted } from '../kernel/told-error.js'
import { forgetTotals } from './totals.js'

export { Schema, type Model } from 'mongoose'

export interface DatabaseOptions {
  /** A MongoDB to use; without it the embedded store is started in `dataDir`. */
  readonly mongodbUri: string | undefined
  readonly dataDir: string
}

mongoose.set('strictQuery', 'throw')
mongoose.set('sanitizeFilter', false)
mongoose.set('autoIndex', false)
mongoose.set('autoCreate', false)

const models = new Map<string, Model<unknown>>()
let store: RunningStoreProcess | undefined
let isDown = false

/** Connects, starting the embedded store where no other database is named. Every write waits for the disk. */
export async function connectDatabase({ mongodbUri, dataDir }: DatabaseOptions): Promise<void> {
  if (!mongodbUri) {
    const log = (level: 'info' | 'warn' | 'error', line: string): void =>
      logger[level]({ part: 'store' }, line.split('\n').map(withoutQuoted).join('\n'))
    store = await startStore({
      dataDir: join(dataDir, 'store'),
      log,
      onDown: () => (isDown = true),
      onUp: () => (isDown = false),
    })
  }
  await mongoose.connect(mongodbUri ?? store?.uri ?? '', {
    writeConcern: { w: 'majority', journal: true },
    serverSelectionTimeoutMS: 3000,
    maxPoolSize: 32,
    bufferCommands: false,
  } as mongoose.ConnectOptions)
  databaseClient().on('connectionCheckedOut', countRoundTrip)
}

/** Disconnects, and stops the embedded store last. */
export async function closeDatabase(): Promise<void> {
  await mongoose.disconnect()
  await store?.stop()
  store = undefined
  isDown = false
  forgetTotals()
}

/** Whether the embedded store has died and is being started again. */
export const databaseIsDown = (): boolean => isDown

/** Whether the database answers. */
export async function databaseReady(): Promise<boolean> {
  const { db } = mongoose.connection
  if (!db) return false
  return db.command({ ping: 1 }, { timeoutMS: 2000 }).then(
    () => true,
    () => false,
  )
}

/** What time the database has, and how many milliseconds it is ahead of ours; the way to it and back is taken off. */
export async function databaseClock(): Promise<{ at: Date; ahead: number }> {
  const before = Number(now())
  const { localTime } = await nativeDatabase().command({ hello: 1 }, { timeoutMS: 2000 })
  const here = (before + Number(now())) / 2
  return { at: localTime as Date, ahead: Math.round(Number(localTime) - here) }
}

/** The running connection's native client, for the libraries that keep their own collections. */
export const databaseClient = () => mongoose.connection.getClient()

/** The running connection's native database, for migrations. */
export function nativeDatabase() {
  const { db } = mongoose.connection
  if (!db) throw new Error('The database is not connected')
  return db
}

/**
 * Defines a model once: `learning.Course` is kept in `learning_courses`. Ids are strings that the caller or the schema
 * gives; no field `__v`.
 */
export function defineModel<T>(name: `${string}.${string}`, schema: Schema<T>): Model<T> {
  const known = models.get(name)
  if (known) return known as unknown as Model<T>
  schema.set('versionKey', false)
  schema.set('minimize', false)
  const model = mongoose.model<T>(name, schema, collectionOf(name))
  models.set(name, model as unknown as Model<unknown>)
  return model
}

/** Every model that was defined, by name. */
export const definedModels = (): ReadonlyMap<string, Model<unknown>> => models

/** Makes the collections and indexes that the models declare. Runs at every start; what is there stays. */
export async function ensureIndexes(): Promise<void> {
  await Promise.all(
    [...models.values()].map(async (model) => {
      if (model.schema.indexes().length > 0) await model.createIndexes()
    }),
  )
}

/** Inserts documents, each with all its fields; those that are there already, by any unique key, stay as they are. */
export async function insertMissing<T extends { readonly _id: string }>(
  model: Model<T>,
  documents: readonly T[],
): Promise<void> {
  if (documents.length === 0) return
  try {
    await model.insertMany([...documents], { ordered: false, lean: true })
  } catch (error) {
    if (!isDuplicateKey(error)) throw error
  }
}

/**
 * Inserts a document under the next number among those that a filter finds, from 1; of two at once the later takes the one
 * after, by the unique key that the number is part of. Answers what is kept under its `_id`, which may be older than this.
 */
export async function insertNumbered<T extends { readonly _id: string; readonly number: number }>(
  model: Model<T>,
  among: QueryFilter<T>,
  given: Omit<T, 'number'>,
): Promise<{ kept: T; isNew: boolean }> {
  const last = await model.findOne(among, { number: 1 }).sort({ number: -1 }).lean<T>()
  const numbered = { ...given, number: (last?.number ?? 0) + 1 } as T
  try {
    await model.create(numbered)
    return { kept: numbered, isNew: true }
  } catch (error) {
    if (!isDuplicateKey(error)) throw error
    const kept = await model.findById(given._id).lean<T>()
    return kept ? { kept, isNew: false } : insertNumbered(model, among, given)
  }
}

/** Whether an error says that a unique key is taken: what was to be written is there already. */
export const isDuplicateKey = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && (error as { code?: unknown }).code === 11000

/** `learning.Course` → `learning_courses`, `people.Entry` → `people_entries`. */
function collectionOf(name: string): string {
  const [owner = '', noun = ''] = name.split('.')
  const snake = (text: string): string =>
    text
      .replace(/-/g, '_')
      .replace(/(?<=[a-z])([A-Z])/g, '_$1')
      .toLowerCase()
  const plural = snake(noun)
    .replace(/(?<=[^aeiou])y$/, 'ie')
    .replace(/(?<=s|x|ch|sh)$/, 'e')
  const ending = /(evidence|progress|media)$/.test(snake(noun)) ? '' : 's'
  return `${snake(owner)}_${ending ? plural + ending : snake(noun)}`
}
