import { NotFound } from '../../../errors.js'
import { orderOf, windowOf } from '../../../http/lists.js'
import type { Actor, Id } from '../../../kernel/contract.js'
import { now } from '../../../platform/clock.js'
import { pageAndTotal } from '../../../platform/totals.js'
import { wordFilter } from '../../../platform/words.js'
import { ownerOf } from '../../people/actors.js'
import { enrolmentOf, leave } from '../enrolments.js'
import { consentOrders, type ConsentsQuery } from './forms.js'
import { ConsentModel, type Consent } from './models.js'

export type { Consent } from './models.js'

/** A page of what the actor agreed to, the latest first. One more than shown is fetched. */
export async function ownConsents(
  actor: Actor,
  query: ConsentsQuery,
): Promise<{ consents: Consent[]; total: number }> {
  const filter = { person: ownerOf(actor), ...wordFilter(query.q) } as object
  const sort = orderOf(consentOrders, query.sort, '-at')
  const { found, total } = await pageAndTotal(ConsentModel, filter, { sort, ...windowOf(query) })
  return { consents: found, total }
}

/** Takes one of the actor's consents back, and them out of a course that they have not completed. Twice is once. */
export async function withdraw(actor: Actor, id: Id): Promise<void> {
  const person = ownerOf(actor)
  const consent = await ConsentModel.findOne({ _id: id, person }).lean<Consent>()
  if (!consent) throw new NotFound()
  const enrolment = await enrolmentOf(person, consent.course)
  if (enrolment && enrolment.status !== 'completed') await leave(enrolment)
  await ConsentModel.updateOne({ _id: id, withdrawnAt: null }, { $set: { withdrawnAt: now() } })
}
