import type { Reply, Steps } from './commands/command.js'
import { beginSlice, endSlice } from './slices.js'

/** Most writes that share one transaction. */
const LARGEST_GROUP = 1000

/** One command on its way to a reply. */
export interface Job {
  readonly writes: boolean
  /** Runs the command; errors that belong in the reply are caught inside. */
  run(): Reply | Steps<Reply>
  /** Turns what `run` threw, which nobody expected, into a reply. */
  failed(error: unknown): Reply
  reply(reply: Reply): void
}

/** Runs writes in one transaction that is on disk when it returns, or undoes all of them. */
export type Commit = (action: () => void) => void

interface PausedRead {
  readonly job: Job
  readonly steps: Steps<Reply>
}

/** First in, first out; adjacent writes share one transaction, long reads are cut into slices. */
export class Scheduler {
  readonly #commit: Commit
  #waiting: Job[] = []
  #paused: PausedRead[] = []
  #isScheduled = false

  constructor(commit: Commit) {
    this.#commit = commit
  }

  submit(job: Job): void {
    this.#waiting.push(job)
    this.#schedule()
  }

  #schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    setImmediate(() => {
      this.#isScheduled = false
      this.#turn()
    })
  }

  #turn(): void {
    const jobs = this.#waiting
    this.#waiting = []
    for (let at = 0; at < jobs.length;) {
      const group = writesFrom(jobs, at)
      const [job] = group.length > 0 ? group : jobs.slice(at, at + 1)
      if (group.length > 0) this.#write(group)
      else if (job !== undefined) this.#read(job)
      at += Math.max(1, group.length)
    }
    const [next, ...others] = this.#paused
    this.#paused = others
    if (next !== undefined) this.#advance(next)
    if (this.#paused.length > 0 || this.#waiting.length > 0) this.#schedule()
  }

  #read(job: Job): void {
    try {
      const result = job.run()
      if (isSteps(result)) this.#advance({ job, steps: result })
      else job.reply(result)
    } catch (error) {
      job.reply(job.failed(error))
    }
  }

  #advance(read: PausedRead): void {
    beginSlice()
    try {
      const step = read.steps.next()
      if (step.done === true) read.job.reply(step.value)
      else this.#paused.push(read)
    } catch (error) {
      read.job.reply(read.job.failed(error))
    } finally {
      endSlice()
    }
  }

  /** When the shared transaction fails, each write is tried alone, so that only the culprit fails. */
  #write(group: readonly Job[]): void {
    const replies: Reply[] = []
    try {
      this.#commit(() => {
        for (const job of group) replies.push(finish(job.run()))
      })
    } catch (error) {
      this.#retry(group, error)
      return
    }
    for (const [at, job] of group.entries()) job.reply(replies[at] ?? job.failed(undefined))
  }

  #retry(group: readonly Job[], error: unknown): void {
    const [only] = group
    if (group.length === 1 && only !== undefined) only.reply(only.failed(error))
    else for (const job of group) this.#write([job])
  }
}

function writesFrom(jobs: readonly Job[], start: number): Job[] {
  let end = start
  while (end < jobs.length && end - start < LARGEST_GROUP && jobs[end]?.writes === true) end += 1
  return jobs.slice(start, end)
}

function isSteps(result: Reply | Steps<Reply>): result is Steps<Reply> {
  return !Buffer.isBuffer(result) && typeof result['next'] === 'function'
}

/** Runs steps to their end without pausing, as a write must. */
function finish(result: Reply | Steps<Reply>): Reply {
  if (!isSteps(result)) return result
  let step = result.next()
  while (step.done !== true) step = result.next()
  return step.value
}
