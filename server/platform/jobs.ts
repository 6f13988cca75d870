import { randomUUID } from 'node:crypto'
import type { ZodType } from 'zod'
import type { Name } from '../kernel/contract.js'
import { logger, loggedAs } from '../kernel/logger.js'
import { contributions } from '../kernel/plugins.js'
import { now } from './clock.js'
import { defineModel, isDuplicateKey, Schema } from './database.js'
import { countWork } from './metrics.js'
import { makePoller, type Claimed } from './poller.js'
import { nextRun } from './schedule.js'

/** Work done apart from a request, at least once; `run` must bear being run again. */
export interface Job<P = undefined> {
  readonly id: Name
  /** `'10 minutes'`, `'1 hour'`, `'1 day'`: runs on one process, however many there are. */
  readonly every?: string
  /** `'06:30'` UTC, each day. */
  readonly dailyAt?: string
  readonly payload?: ZodType<P>
  /** How often it is tried, with up to an hour between, before it is given up: 6 times unless said. */
  readonly tries?: number
  run(payload: P): Promise<void>
}

/** Thrown by work that no further try can do, for the reason told: it is given up at once. */
export class Hopeless extends Error {
  readonly reason: unknown

  constructor(reason: unknown) {
    super(String(reason))
    this.reason = reason
  }
}

declare module '../kernel/contract.js' {
  interface Contributions {
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the payload is the job's own affair
    jobs: Job<any>
  }
}

export interface JobRun {
  readonly _id: string
  readonly job: Name
  readonly payload?: unknown
  readonly status: 'waiting' | 'done' | 'dead'
  readonly tries: number
  readonly dueAt: Date
  readonly leasedUntil?: Date
  readonly endedAt?: Date
  readonly error?: string
  /** When its first try failed. */
  readonly failingSince?: Date
}

const usualTries = 6
/** Short, since a crash holds work back as long; work that takes longer extends it. */
const lease = 6_000
const keptDays = 30

const runSchema = new Schema<JobRun>({
  _id: { type: String, required: true },
  job: { type: String, required: true },
  payload: Schema.Types.Mixed,
  status: { type: String, default: 'waiting' },
  tries: { type: Number, default: 0 },
  dueAt: { type: Date, required: true },
  leasedUntil: Date,
  endedAt: Date,
  error: String,
  failingSince: Date,
})
runSchema.index({ status: 1, dueAt: 1, _id: 1 })
runSchema.index({ dueAt: 1, _id: 1 })
runSchema.index({ job: 1, dueAt: 1, _id: 1 })
runSchema.index(
  { failingSince: 1 },
  { partialFilterExpression: { failingSince: { $exists: true } } },
)
runSchema.index({ endedAt: 1 }, { expireAfterSeconds: keptDays * 86_400 })

export const JobRunModel = defineModel<JobRun>('platform.JobRun', runSchema)

/** Puts work in the queue. The same `key` twice is one piece of work. */
export async function enqueue<P>(
  job: Job<P>,
  payload: P,
  { key = randomUUID(), at = now() }: { key?: string; at?: Date } = {},
): Promise<void> {
  const run = {
    _id: `${job.id}:${key}`,
    job: job.id,
    payload,
    status: 'waiting',
    tries: 0,
    dueAt: at,
  }
  try {
    await JobRunModel.collection.insertOne(run as never)
  } catch (error) {
    if (!isDuplicateKey(error)) throw error
  }
  if (at <= now()) poller.nudge()
}

/** Starts working off the queue, and plans the next run of each scheduled job. */
export async function startJobs(): Promise<void> {
  for (const job of contributions('jobs')) await planNext(job)
  poller.start()
}

/** Stops, and waits for the work under way. */
export const stopJobs = (): Promise<void> => poller.stop()

/** Does all that is due now, for tests. */
export const runDueJobs = (): Promise<void> => poller.drain()

interface RunWindow {
  readonly order?: Readonly<Record<string, 1 | -1>>
  readonly skip: number
  readonly limit: number
}

/** Work in a status, of one job or of some. */
export interface RunFilter {
  readonly status?: JobRun['status']
  readonly job?: Name | { readonly $in: readonly Name[] }
}

/** What jobs did and will do, the latest first unless in another order. */
export async function jobRuns(
  filter: RunFilter,
  { order = { dueAt: -1 }, skip, limit }: RunWindow,
): Promise<JobRun[]> {
  return JobRunModel.find(filter as object)
    .sort(order)
    .skip(skip)
    .limit(limit)
    .lean<JobRun[]>()
}

/** How much work there is in a status, of one job or of all; in any status where none is said. */
export const countJobRuns = (filter: RunFilter): Promise<number> =>
  JobRunModel.countDocuments(filter as object).exec()

/** Since when work of a job has failed that still waits, and how much of it there is. */
export async function failing(
  job: Name,
): Promise<{ readonly since: Date; readonly count: number } | undefined> {
  const filter = { job, status: 'waiting', failingSince: { $exists: true } } as const
  const [first, count] = await Promise.all([
    JobRunModel.findOne(filter).sort({ failingSince: 1 }).lean<JobRun>(),
    JobRunModel.countDocuments(filter),
  ])
  return first?.failingSince && { since: first.failingSince, count }
}

/** When the job that has waited longest was due, of those that nobody has tried. */
export const oldestUntried = async (): Promise<Date | undefined> =>
  (
    await JobRunModel.findOne({ status: 'waiting', tries: 0, dueAt: { $lt: now() } })
      .sort({ dueAt: 1 })
      .lean<JobRun>()
  )?.dueAt

/** When the last piece of work ended, by the clock as it was then. */
export const lastEnd = async (): Promise<Date | undefined> =>
  (
    await JobRunModel.findOne({ endedAt: { $exists: true } })
      .sort({ endedAt: -1 })
      .lean<JobRun>()
  )?.endedAt

/** Gives dead work its tries back. Returns whether there was any. */
export async function replayJob(id: string): Promise<boolean> {
  const { modifiedCount } = await JobRunModel.updateOne(
    { _id: id, status: 'dead' },
    {
      $set: { status: 'waiting', tries: 0, dueAt: now() },
      $unset: { error: 1, endedAt: 1, failingSince: 1 },
    },
  )
  if (modifiedCount > 0) poller.nudge()
  return modifiedCount > 0
}

const poller = makePoller({ what: 'jobs', every: 1_000, lanes: 3, claim })

/** The run's id is its time, so that several processes plan it once. */
async function planNext(job: Job): Promise<void> {
  const at = nextRun(job, now())
  if (!at) return
  await enqueue(job, undefined, { key: at.toISOString(), at })
}

async function claim(): Promise<Claimed | undefined> {
  const at = now()
  const claimed = await JobRunModel.findOneAndUpdate(
    {
      status: 'waiting',
      dueAt: { $lte: at },
      $or: [{ leasedUntil: null }, { leasedUntil: { $lt: at } }],
    },
    { $set: { leasedUntil: new Date(at.getTime() + lease) }, $inc: { tries: 1 } },
    { sort: { dueAt: 1 }, returnDocument: 'after' },
  ).lean<JobRun>()
  return claimed ? () => loggedAs({ job: claimed.job }, () => work(claimed)) : undefined
}

async function work(run: JobRun): Promise<void> {
  const job = contributions('jobs').find(({ id }) => id === run.job) as Job<unknown> | undefined
  const beat = setInterval(() => void extend(run), lease / 3).unref()
  try {
    // Before the work, so that a crash in it does not end the schedule.
    if (job) await planNext(job as Job)
    await job?.run(job.payload ? job.payload.parse(run.payload) : run.payload)
    await end(run, { status: 'done' })
    countWork('job', run.job, 'done')
  } catch (error) {
    await postpone(run, error, job?.tries)
  } finally {
    clearInterval(beat)
  }
}

async function extend({ _id }: JobRun): Promise<void> {
  const leasedUntil = new Date(now().getTime() + lease)
  await JobRunModel.updateOne({ _id }, { $set: { leasedUntil } }).catch((error: unknown) => {
    logger.warn({ err: error, run: _id }, 'a lease could not be extended')
  })
}

async function postpone(run: JobRun, cause: unknown, mostTries = usualTries): Promise<void> {
  const dead = run.tries >= mostTries || cause instanceof Hopeless
  countWork('job', run.job, dead ? 'dead' : 'failed')
  const why = cause instanceof Hopeless ? cause.reason : cause
  logger.error({ err: why, tries: run.tries, dead }, 'a job failed')
  const error = String(why).slice(0, 500)
  if (dead) return end(run, { status: 'dead', error })
  const dueAt = new Date(now().getTime() + Math.min(3_600_000, 1000 * 4 ** run.tries))
  await JobRunModel.updateOne(
    { _id: run._id },
    {
      $set: { dueAt, error, failingSince: run.failingSince ?? now() },
      $unset: { leasedUntil: 1 },
    },
  )
}

async function end(
  { _id }: JobRun,
  outcome: { status: 'done' | 'dead'; error?: string },
): Promise<void> {
  const ended = outcome.status === 'done' ? { endedAt: now() } : {}
  await JobRunModel.updateOne(
    { _id },
    { $set: { ...outcome, ...ended }, $unset: { leasedUntil: 1, failingSince: 1 } },
  )
}
