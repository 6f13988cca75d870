import type { Id, Name } from '../kernel/contract.js'
import { logger } from '../kernel/logger.js'
import { now } from './clock.js'
import { defineModel, Schema } from './database.js'
import { giveWay } from './giving-way.js'
import { exactUpTo } from './totals.js'

/** What a subject's tally came to. */
export interface Tallied<T> {
  readonly value: T
  /** Of how many documents it is made. */
  readonly size: number
  /** When it changes by itself, as what is due becomes overdue. */
  readonly until?: Date | undefined
}

/**
 * A figure that is made of many documents, by the unit, course, assignment or package version it is about, and kept.
 * Made of up to a thousand, it is exact at each look. Of more, it is what it was last, and is worked out anew behind
 * whoever looks.
 */
export interface Tally<T> {
  readonly id: Name
  /** Works it out for some subjects at once; one that is not in the answer has none. */
  compute(subjects: readonly Id[]): Promise<ReadonlyMap<Id, Tallied<T>>>
}

interface Kept {
  /** `<tally>|<subject>` */
  readonly _id: string
  readonly value: unknown
  readonly size: number
  readonly at?: Date
  readonly until?: Date
  /** Raised by each change of what it is made of; `counted` is what it was when it was last worked out. */
  readonly changes: number
  readonly counted: number
}

const kept = new Schema<Kept>({
  _id: { type: String, required: true },
  value: { type: Schema.Types.Mixed },
  size: { type: Number, default: 0 },
  at: Date,
  until: Date,
  changes: { type: Number, default: 0 },
  counted: { type: Number, default: -1 },
} as never)

const TallyModel = defineModel<Kept>('platform.Tally', kept)

/** In milliseconds: after that long it is worked out anew though nobody said that something changed. */
const longest = 3_600_000

/** In a `$group` of documents with a `dueAt`: whether that is past at a moment. */
export const isPastDue = (at: Date) => ({
  $and: [{ $gt: ['$dueAt', null] }, { $lt: ['$dueAt', at] }],
})

/** In the same: which `dueAt` is next, for `until`. */
export const nextDue = (at: Date) => ({
  $min: { $cond: [{ $gt: ['$dueAt', at] }, '$dueAt', null] },
})

/** A tally of some subjects. */
export async function talliesOf<T>(tally: Tally<T>, subjects: readonly Id[]): Promise<Map<Id, T>> {
  const wanted = [...new Set(subjects)]
  if (wanted.length === 0) return new Map()
  const found = await TallyModel.find({
    _id: { $in: wanted.map((one) => keyOf(tally, one)) },
  }).lean<Kept[]>()
  const known = new Map(found.map((one) => [subjectOf(tally, one), one]))
  const old = wanted.filter((one) => !isFresh(known.get(one)))
  const isLarge = (one: Id): boolean => (known.get(one)?.size ?? 0) > exactUpTo
  const small = new Set(old.filter((one) => !isLarge(one)))
  const fresh = await renew(tally, [...small], known)
  renewBehind(tally, old.filter(isLarge), known)
  return new Map(
    wanted.flatMap((one): [Id, T][] => {
      const value = small.has(one) ? fresh.get(one) : known.get(one)?.value
      return value === undefined ? [] : [[one, value as T]]
    }),
  )
}

/** Says that what some tallies are made of has changed: after the change, and again when it is repeated. */
export async function talliesChanged(
  tally: Pick<Tally<unknown>, 'id'>,
  subjects: readonly Id[],
): Promise<void> {
  if (subjects.length === 0) return
  await TallyModel.bulkWrite(
    [...new Set(subjects)].map((one) => ({
      updateOne: {
        filter: { _id: keyOf(tally, one) },
        update: { $inc: { changes: 1 } },
        upsert: true,
      },
    })),
  )
}

const keyOf = ({ id }: Pick<Tally<unknown>, 'id'>, subject: Id): string => `${id}|${subject}`
const subjectOf = ({ id }: Pick<Tally<unknown>, 'id'>, { _id }: Kept): Id =>
  _id.slice(id.length + 1)

const isFresh = (one: Kept | undefined): boolean =>
  one?.at !== undefined &&
  one.counted === one.changes &&
  Number(one.at) + longest > Number(now()) &&
  (one.until === undefined || one.until > now())

/** Works some out and keeps them. What changes meanwhile leaves them old. */
async function renew<T>(
  tally: Tally<T>,
  subjects: readonly Id[],
  known: ReadonlyMap<Id, Kept>,
): Promise<Map<Id, T>> {
  if (subjects.length === 0) return new Map()
  const at = now()
  const made = await tally.compute(subjects)
  await TallyModel.bulkWrite(
    [...made].map(([subject, { value, size, until }]) => {
      const changes = known.get(subject)?.changes ?? 0
      return {
        updateOne: {
          filter: { _id: keyOf(tally, subject) },
          update: {
            $set: { value, size, at, counted: changes, ...(until && { until }) },
            $setOnInsert: { changes },
            ...(!until && { $unset: { until: 1 } }),
          },
          upsert: true,
        },
      }
    }),
  )
  return new Map([...made].map(([subject, { value }]) => [subject, value]))
}

/** What is being worked out behind somebody, and when the last of it is done. */
const renewing = new Set<string>()
let settled: Promise<void> = Promise.resolve()

/** One after the other, each once however many look, and after the requests under way. */
function renewBehind<T>(
  tally: Tally<T>,
  subjects: readonly Id[],
  known: ReadonlyMap<Id, Kept>,
): void {
  const work = async (subject: Id, key: string): Promise<void> => {
    try {
      await giveWay()
      await renew(tally, [subject], known)
    } catch (error) {
      logger.warn({ err: error, tally: tally.id }, 'a tally was not renewed')
    } finally {
      renewing.delete(key)
    }
  }
  for (const one of subjects) {
    const key = keyOf(tally, one)
    if (renewing.has(key)) continue
    renewing.add(key)
    settled = settled.then(() => work(one, key))
  }
}

/** Waits until no tally is being worked out behind anybody. */
export const talliesSettled = (): Promise<void> => settled
