import type { Actor } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { ownedPerson } from '../organisation/subjects.js'
import { may } from '../people/access.js'
import { personActor } from '../people/actors.js'
import { findPerson } from '../people/people.js'
import { markSession } from '../people/sessions.js'
import { viewAs } from './fitness.js'
import type { SupportView } from './models.js'
import { endView, openViewOf } from './viewing.js'

/**
 * Whoever sends a request, or as whom they look: judged anew each time. An actor whose view has ended is itself again, and
 * says for this one request that it is over.
 */
export async function lookThrough(own: Actor | undefined): Promise<Actor | undefined> {
  if (!own?.supportView || !own.session) return own
  const view = await openViewOf(own)
  const seen = view && (await seenBy(own, view))
  if (seen) return seen
  if (view) await endView(view, view.until <= now() ? 'time' : 'rights')
  await markSession(own.session, undefined)
  return { ...own, supportOver: true }
}

async function seenBy(
  own: Actor,
  { person: id, reason, until }: SupportView,
): Promise<Actor | undefined> {
  if (until <= now()) return undefined
  const person = await findPerson(id)
  if (person.status !== 'active' || !may(own, viewAs, ownedPerson(person))) return undefined
  const { person: by = '', name, language, timeZone = 'UTC', session, supportView } = own
  return {
    ...(await personActor(id)),
    ...(session && { session }),
    ...(supportView && { supportView }),
    support: { by, name, language, timeZone, reason, until },
  }
}
