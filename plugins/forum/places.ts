import {
  belongsTo,
  findCourse,
  findUnit,
  may,
  nameIn,
  NotFound,
  type Actor,
  type Id,
  type Owned,
} from '#core'

/** What a forum belongs to. */
export interface Place extends Owned {
  /** The forum's own id: `unit:<id>` or `course:<id>`. */
  readonly id: Id
  readonly kind: keyof typeof kinds
  readonly title: string
  /** What the title is written in. */
  readonly language: string
  /** Page of the unit or the course. */
  readonly href: string
  readonly units: readonly Id[]
  /** Who is told of each new topic, and may moderate where a role allows it. */
  readonly owners: readonly Id[]
}

/** The forum of an id, for whoever may know of its unit or course. Throws `NotFound`. */
export async function findPlace(actor: Actor, forum: Id): Promise<Place> {
  const [kind = '', ...rest] = forum.split(':')
  const id = rest.join(':')
  if (!isKind(kind) || !id) throw new NotFound()
  const place = await kinds[kind](actor, id)
  return { ...place, id: forum, kind, href: `/${kind}s/${encodeURIComponent(id)}` }
}

/** The same, or nothing for whoever may not know of it. */
export async function placeFor(actor: Actor, forum: Id): Promise<Place | undefined> {
  try {
    return await findPlace(actor, forum)
  } catch (error) {
    if (error instanceof NotFound) return undefined
    throw error
  }
}

export const mayTakePart = (actor: Actor, place: Place): boolean =>
  may(actor, 'forum:take-part', place)

export const mayModerate = (actor: Actor, place: Place): boolean =>
  may(actor, 'forum:moderate', place)

/** The forum of a unit or a course. */
export const forumOf = (kind: 'unit' | 'course', id: Id): Id => `${kind}:${id}`

type Found = Pick<Place, 'title' | 'language' | 'units' | 'owners'>

const kinds = {
  /** Units are no secret within their institution, nor is what is discussed in them. */
  unit: async (actor: Actor, id: Id): Promise<Found> => {
    const unit = await findUnit(actor, id)
    const { language } = actor
    return { title: nameIn(unit, language), language, units: unit.units, owners: [] }
  },
  /** What is said among those who take a course stays among them and their trainers. */
  course: async (actor: Actor, id: Id): Promise<Found> => {
    const course = await findCourse(actor, id)
    if (!(await belongsTo(actor, course))) throw new NotFound()
    const { title, language, units, trainers } = course
    return { title, language, units, owners: trainers }
  },
}

const isKind = (kind: string): kind is Place['kind'] => Object.hasOwn(kinds, kind)
