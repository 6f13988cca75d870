import { createHash } from 'node:crypto'
import { RateLimiterMongo, RateLimiterRes } from 'rate-limiter-flexible'
import { TooMany } from '../../errors.js'
import { now } from '../../platform/clock.js'
import { databaseClient, nativeDatabase } from '../../platform/database.js'
import { LimitModel } from './models.js'

/** How many tries in how many seconds. */
interface Limit {
  readonly points: number
  readonly duration: number
}

/** One account from one address, one account from anywhere, one address on any account. */
const limits = {
  'sign-in-pair': { points: 10, duration: 900 },
  'sign-in-account': { points: 50, duration: 3600 },
  'sign-in-address': { points: 200, duration: 900 },
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
  await Promise.all(counted.map(([name, key]) => limiter(name).delete(hashed(key))))
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
  try {
    await limiter(name).consume(hashed(key))
    return 0
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused
    return Math.max(1, Math.ceil(refused.msBeforeNext / 1000))
  }
}

const hashed = (key: string): string => createHash('sha256').update(key).digest('base64url')

let made = new Map<LimitName, RateLimiterMongo>()
let madeFor: unknown

/** In the database, so that a restart forgives nobody. */
function limiter(name: LimitName): RateLimiterMongo {
  const client = databaseClient()
  if (madeFor !== client) {
    madeFor = client
    made = new Map()
  }
  const known = made.get(name) ?? limiterOn(client, name)
  made.set(name, known)
  return known
}

const limiterOn = (storeClient: unknown, name: LimitName): RateLimiterMongo =>
  new RateLimiterMongo({
    storeClient,
    dbName: nativeDatabase().databaseName,
    tableName: LimitModel.collection.collectionName,
    keyPrefix: name,
    disableIndexesCreation: true,
    ...limits[name],
  })
