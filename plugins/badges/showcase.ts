import { findPerson, Forbidden, NotFound, visiblePeople, type Actor, type Id } from '#core'
import { ShowcaseModel, type Audience, type Showcase } from './models.js'

/** A person whose badges the actor may see. */
export interface Holder {
  readonly id: Id
  readonly name: string
  readonly audience: Audience
}

/** That person: oneself, somebody within one's scope, or a colleague who chose to be seen. Throws `NotFound`. */
export async function findHolder(actor: Actor, id: Id): Promise<Holder> {
  const [person, showcase] = await Promise.all([
    findPerson(id),
    ShowcaseModel.findById(id).lean<Showcase>(),
  ])
  const holder = { id, name: person.name, audience: showcase?.audience ?? 'scope' } as const
  const isColleague = actor.institution !== undefined && person.units.includes(actor.institution)
  if (id === actor.person || (holder.audience === 'colleagues' && isColleague)) return holder
  if ((await visiblePeople(actor, undefined, [id])).length === 0) throw new NotFound()
  return holder
}

/** Says who may see the actor's badges. */
export async function chooseAudience({ person }: Actor, audience: Audience): Promise<Id> {
  if (!person) throw new Forbidden()
  await ShowcaseModel.updateOne({ _id: person }, { $set: { audience } }, { upsert: true })
  return person
}
