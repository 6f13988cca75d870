import { earliest, now } from './clock.js'
import { failing, lastEnd, oldestUntried } from './jobs.js'
import { deliverMail } from './mail.js'
import { oldestUndelivered } from './outbox.js'
import { spaceLeft } from './storage.js'

export const troubleNames = ['disk-low', 'mail-failing', 'clock-back', 'work-late'] as const

/** Something that whoever runs the machine is to mend. Nothing is lost by it meanwhile. */
export interface Trouble {
  readonly name: (typeof troubleNames)[number]
  readonly since?: Date
  /** Of pieces of work concerned. */
  readonly count?: number
  /** Bytes left. */
  readonly bytes?: number
}

const leastFree = 500_000_000
const leastShare = 0.03
/** What may pass before work that is due counts as late, and the clock as stepped back, in milliseconds. */
const patience = 120_000

/** What is wrong with the machine at this moment. */
export async function troubles(): Promise<Trouble[]> {
  const found = await Promise.all([diskLow(), mailFailing(), clockBack(), workLate()])
  return found.filter((trouble) => trouble !== undefined)
}

async function diskLow(): Promise<Trouble | undefined> {
  const space = await spaceLeft()
  return isLow(space) ? { name: 'disk-low', bytes: space.free } : undefined
}

/** A small disk may be fuller than a large one. */
export const isLow = ({ free, total }: { free: number; total: number }): boolean =>
  free < Math.min(leastFree, total * leastShare)

/** Some mail is not taken, for longer than a server asks to wait; it is tried again for a day and a half. */
async function mailFailing(): Promise<Trouble | undefined> {
  const failed = await failing(deliverMail.id)
  return failed && isPast(failed.since) ? { name: 'mail-failing', ...failed } : undefined
}

/** Work has ended later than it is now: until the clock has caught up, what is planned waits. */
async function clockBack(): Promise<Trouble | undefined> {
  const ended = await lastEnd()
  const isBack = ended && Number(ended) - Number(now()) > patience
  return isBack ? { name: 'clock-back' } : undefined
}

async function workLate(): Promise<Trouble | undefined> {
  const since = earliest(await Promise.all([oldestUntried(), oldestUndelivered()]))
  return since && isPast(since) ? { name: 'work-late', since } : undefined
}

const isPast = (since: Date): boolean => Number(now()) - Number(since) > patience
