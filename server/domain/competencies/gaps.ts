import { NotFound } from '../../errors.js'
import type { Actor, Id } from '../../kernel/contract.js'
import { postsOf } from '../organisation/positions.js'
import { visiblePeople } from '../organisation/scope.js'
import { levelsOfPeople } from './levels.js'
import type { Level } from './models.js'

/** The permission behind every page of levels. */
export const readLevels = 'competencies:read-levels'

/** What a post requires and what is there. */
export interface Gap {
  readonly competency: Id
  readonly target: number
  readonly level: number
  /** Target minus level: above 0 where something is missing. */
  readonly gap: number
}

/** The levels that people's posts require today, by competency; nothing for who holds no post with a profile. */
export async function targetsOf(
  people: readonly Id[],
): Promise<Map<Id, Readonly<Record<Id, number>>>> {
  const posts = await postsOf(people)
  return new Map([...posts].map(([person, { profile }]) => [person, profile?.targets ?? {}]))
}

/** A person's gaps to the post, the widest first, levels that suffice last. Throws `NotFound` out of the actor's scope. */
export async function gapsOf(actor: Actor, person: Id): Promise<Gap[]> {
  const visible = await visiblePeople(actor, readLevels, [person])
  if (visible.length === 0) throw new NotFound()
  return (await gapsOfPeople([person])).get(person) ?? []
}

/** The gaps of several people, for lists that were made within the actor's scope. */
export async function gapsOfPeople(people: readonly Id[]): Promise<Map<Id, Gap[]>> {
  const [targets, levels] = await Promise.all([targetsOf(people), levelsOfPeople(people)])
  return new Map(
    people.map((person) => {
      const own = levels.filter((level) => level.person === person)
      return [person, gapsBetween(targets.get(person) ?? {}, own)]
    }),
  )
}

/** Targets against levels, the widest gap first. Pure. */
export function gapsBetween(
  targets: Readonly<Record<Id, number>>,
  levels: readonly Pick<Level, 'competency' | 'level'>[],
): Gap[] {
  const held = new Map(levels.map(({ competency, level }) => [competency, level]))
  return Object.entries(targets)
    .map(([competency, target]) => {
      const level = held.get(competency) ?? 0
      return { competency, target, level, gap: target - level }
    })
    .sort((a, b) => b.gap - a.gap || b.target - a.target)
}
