import { AppError, Conflict, Forbidden } from '../../errors.js'
import type { Actor, Name } from '../../kernel/contract.js'
import { refuseOutranked } from '../organisation/ranking.js'
import { visibleTo } from '../organisation/scope.js'
import { needsFactor } from '../people/factors/standing.js'
import { countPeople, type Person } from '../people/people.js'
import { personActor } from '../people/actors.js'

/** Whoever holds it may look at Palier as a person does, within the units where it is held. */
export const viewAs: Name = 'support:view-as'

/**
 * Refuses where looking would show more than the actor could see, or could not be answered for: oneself, while looking
 * already, whoever has roles or reports beyond the actor's reach, without a session or the second step it asks for.
 */
export async function refuseUnfit(actor: Actor, person: Person): Promise<void> {
  if (actor.support) throw new Conflict('support:already')
  if (actor.person === person._id) throw new Conflict('support:not-oneself')
  if (person.status !== 'active') throw new Conflict('support:not-active')
  if (!actor.session) throw new Forbidden('support:in-a-session')
  await refuseWithoutFactor(actor)
  await refuseOutranked(actor, person, {
    permission: 'organisation:grant-roles',
    code: 'support:outranked',
  })
  await refuseOthersReports(actor, person)
}

/** The code of what stands against it, if anything. */
export async function refusalOf(actor: Actor, person: Person): Promise<string | null> {
  try {
    await refuseUnfit(actor, person)
    return null
  } catch (error) {
    if (error instanceof AppError) return error.code
    throw error
  }
}

async function refuseWithoutFactor({ person = '', grants, ...actor }: Actor): Promise<void> {
  const { institution, secondFactor } = actor
  const held = { person, grants: [...grants], ...(institution && { institution }) }
  if (!secondFactor && (await needsFactor(held))) {
    throw new Forbidden('support:second-factor-first')
  }
}

/** Whoever leads somebody outside the actor's reach, or stands in for who does, sees what the actor may not. */
async function refuseOthersReports(actor: Actor, { _id }: Person): Promise<void> {
  const { grants } = await personActor(_id)
  const led = grants.flatMap(({ over, of = _id }) => (over === 'reports' ? [of] : []))
  if (led.length === 0) return
  const beyond = await countPeople({
    $and: [
      { manager: { $in: led }, status: { $ne: 'deactivated' } },
      { $nor: [visibleTo(actor, viewAs)] },
    ],
  })
  if (beyond > 0) throw new Forbidden('support:outranked')
}
