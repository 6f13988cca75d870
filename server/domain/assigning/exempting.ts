import { Conflict, Invalid } from '../../errors.js'
import type { Actor } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { coursesNamed } from '../learning/courses.js'
import { actsFor } from '../people/access.js'
import { audit } from '../people/audit.js'
import { endOfDay } from './days.js'
import { followPeople } from './following.js'
import { ObligationModel, type Exemption } from './models.js'
import { assign, ownedObligation, type PlacedObligation } from './subjects.js'

/**
 * Says that a person need not complete a course, and why; until a day, or for good. Throws `assigning:not-open` where
 * nothing is to be completed.
 */
export async function exempt(
  actor: Actor,
  placed: PlacedObligation,
  { reason, until }: { readonly reason: string; readonly until?: string | undefined },
): Promise<void> {
  const { obligation, person } = placed
  const ends = until ? endOfDay(until, person.timeZone) : undefined
  if (ends && ends <= now()) {
    const code = 'assigning:due-past'
    throw new Invalid(code, { errors: [{ path: 'until', code }] })
  }
  const actedFor = actsFor(actor, assign, ownedObligation(placed))
  const exemption: Exemption = {
    reason,
    by: actor.person ?? actor.name,
    ...(actedFor && { actedFor }),
    at: now(),
    ...(ends && { until: ends }),
  }
  // Woken at once, so that a crash before the next line is made up for.
  const { modifiedCount } = await ObligationModel.updateOne(
    { _id: obligation._id, status: 'open' },
    { $set: { exemption, wakeAt: now() }, $inc: { revision: 1 } },
  )
  if (modifiedCount === 0) throw new Conflict('assigning:not-open')
  await followPeople([person._id])
  const details = await detailsOf(actor, placed)
  await audit(actor, 'assigning:exempted', {
    object: person._id,
    details: { ...details, reason, until },
  })
}

/** Ends an exemption: the course is to be completed again, by the date it had. Twice is once. */
export async function endExemption(actor: Actor, placed: PlacedObligation): Promise<void> {
  const { obligation, person } = placed
  const { modifiedCount } = await ObligationModel.updateOne(
    { _id: obligation._id, exemption: { $exists: true } },
    { $unset: { exemption: 1 }, $set: { wakeAt: now() }, $inc: { revision: 1 } },
  )
  if (modifiedCount === 0) return
  await followPeople([person._id])
  const details = await detailsOf(actor, placed)
  await audit(actor, 'assigning:exemption-ended', { object: person._id, details })
}

/** The course by name, and for whom a deputy acted. */
async function detailsOf(actor: Actor, placed: PlacedObligation) {
  const { course } = placed.obligation
  const named = await coursesNamed([course])
  return {
    course: named.get(course)?.title,
    actedFor: actsFor(actor, assign, ownedObligation(placed)),
  }
}
