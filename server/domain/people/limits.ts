import { TooMany } from '../../errors.js'
import { now } from '../../platform/clock.js'
import { isDuplicateKey } from '../../platform/database.js'
import { hashOf } from './hashing.js'
import { LimitModel, type CountedTries } from './models.js'

/** How many tries in how many seconds. */
interface Limit {
  readonly points: number
  readonly duration: number
}

/**
 * One account from one address, one account from anywhere, one address on any account, and the accounts of one
 * institution, known by the domain of what was typed: there, only tries that fail count.
 */
const limits = {
  'sign-in-pair': { points: 10, duration: 900 },
  'sign-in-account': { points: 50, duration: 3600 },
  'sign-in-address': { points: 200, duration: 900 },
  'sign-in-institution': { points: 2000, duration: 900 },
  'second-step': { points: 10, duration: 900 },
  'reset-account': { points: 3, duration: 3600 },
  'reset-address': { points: 30, duration: 3600 },
  'link-address': { points: 60, duration: 900 },
} as const satisfies Record<string, Limit>

export type LimitName = keyof typeof limits

/** A limit and whose it is. Only a hash of the key is kept. */
export type Counted = readonly [limit: LimitName, key: string]

/** Counts a try. Throws `TooMany('people:too-many-tries')` with the seconds to wait, once a limit is passed. */
export async function countTry(...counted: readonly Counted[]): Promise<void> {
  const refusals = await Promise.all(counted.map(([name, key]) => consume(name, key)))
  const seconds = Math.max(...refusals)
  if (seconds > 0) throw tooMany(seconds)
}

/** Forgets the tries of somebody who got in. */
export async function forgetTries(...counted: readonly Counted[]): Promise<void> {
  await LimitModel.deleteMany({ key: { $in: counted.map(storedKey) } })
}

/** Takes one try back: it was right. */
export async function takeBack(...counted: readonly Counted[]): Promise<void> {
  const keys = counted.map(storedKey)
  await LimitModel.updateMany({ key: { $in: keys }, points: { $gt: 0 } }, { $inc: { points: -1 } })
}

/** Whether one of these limits is passed. */
export async function isPassed(...counted: readonly Counted[]): Promise<boolean> {
  const found = await LimitModel.find({
    key: { $in: counted.map(storedKey) },
    expire: { $gt: now() },
  }).lean<CountedTries[]>()
  return counted.some((one) => {
    const tries = found.find(({ key }) => key === storedKey(one))
    return tries !== undefined && tries.points > limits[one[0]].points
  })
}

/** Removes counts past their time. */
export async function removeOldTries(): Promise<void> {
  await LimitModel.deleteMany({ expire: { $lte: now() } })
}

const tooMany = (seconds: number): TooMany =>
  new TooMany('people:too-many-tries', {
    values: { minutes: Math.ceil(seconds / 60) },
    members: { retryAfter: seconds },
  })

/** Seconds to wait, or none. */
async function consume(name: LimitName, key: string): Promise<number> {
  const at = now()
  const { points, duration } = limits[name]
  const tries = await counted(storedKey([name, key]), at, duration)
  if (tries.points <= points) return 0
  return Math.max(1, Math.ceil((Number(tries.expire) - Number(at)) / 1000))
}

/** In the database, so that a restart forgives nobody and every process counts alike. */
async function counted(key: string, at: Date, seconds: number): Promise<CountedTries> {
  const after = { returnDocument: 'after' } as const
  const running = { key, expire: { $gt: at } }
  const more = await LimitModel.findOneAndUpdate(running, { $inc: { points: 1 } }, after).lean()
  if (more) return more
  const over = { key, expire: { $lte: at } }
  const first = { points: 1, expire: new Date(Number(at) + seconds * 1000) }
  try {
    const begun = await LimitModel.findOneAndUpdate(over, first, { ...after, upsert: true }).lean()
    return begun as CountedTries
  } catch (error) {
    // Another try began the count.
    if (!isDuplicateKey(error)) throw error
    return counted(key, at, seconds)
  }
}

const storedKey = ([name, key]: Counted): string => `${name}:${hashOf(key)}`
