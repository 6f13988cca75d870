import { may, peopleNamed, visiblePeople, type Actor, type Id } from '#core'
import type { z } from 'zod'
import { awardsOf, holdersOf } from './awards.js'
import { badgesById, knownBadges } from './badges.js'
import type { Badge } from './models.js'
import type { awardShown, badgePageShown, badgeShown, badgesShown, holderShown } from './shown.js'
import type { Holder } from './showcase.js'
import { textIn } from './texts.js'

const holdersShown = 200

/** Every badge one can earn, and which of them the reader has earned. */
export async function badgesPage(
  actor: Actor,
  language: string,
): Promise<z.input<typeof badgesShown>> {
  const [badges, earned] = await Promise.all([knownBadges(actor), earnedBy(actor)])
  const open = badges.filter(({ _id, retiredAt }) => !retiredAt || earned.has(_id))
  return { badges: open.map((badge) => badgeLine(badge, earned, language)) }
}

/** One badge, and who holds it among the people the reader may see. */
export async function badgePage(
  actor: Actor,
  badge: Badge,
  language: string,
): Promise<z.input<typeof badgePageShown>> {
  const [earned, awards] = await Promise.all([earnedBy(actor), holdersOf(badge._id, holdersShown)])
  const holders = awards.map(({ person }) => person)
  const visible = new Set(await visiblePeople(actor, undefined, holders))
  const shown = awards.filter(({ person }) => visible.has(person))
  const names = await peopleNamed(shown.map(({ person }) => person))
  return {
    ...badgeLine(badge, earned, language),
    manages: may(actor, 'badges:manage', { units: [badge.unit], owners: [badge.author] }),
    holders: shown.map(({ person, at }) => ({
      id: person,
      name: names.get(person)?.name ?? '',
      at: at.toISOString(),
    })),
  }
}

/** What a person has earned, for those who may see it. */
export async function holderPage(
  actor: Actor,
  { id, name, audience }: Holder,
  language: string,
): Promise<z.input<typeof holderShown>> {
  const badges = await awardLines(id, language)
  return { person: { id, name }, own: id === actor.person, audience, badges }
}

/** The badges of a person, the latest first. */
export async function awardLines(
  person: Id,
  language: string,
): Promise<z.input<typeof awardShown>[]> {
  const awards = await awardsOf(person)
  const badges = await badgesById(awards.map(({ badge }) => badge))
  return awards.flatMap(({ badge: id, at }) => {
    const badge = badges.get(id)
    if (!badge) return []
    const { title, description, icon } = badge
    return [
      {
        badge: id,
        title: textIn(title, language),
        description: textIn(description, language),
        icon,
        at: at.toISOString(),
      },
    ]
  })
}

/** A badge as lists show it, to whom it earned when it did. */
export function badgeLine(
  badge: Badge,
  earned: ReadonlyMap<Id, Date>,
  language: string,
): z.input<typeof badgeShown> {
  const { _id, title, description, icon, criterion, retiredAt } = badge
  return {
    id: _id,
    title: textIn(title, language),
    description: textIn(description, language),
    titles: title,
    descriptions: description,
    icon,
    criterion,
    retired: Boolean(retiredAt),
    earnedAt: earned.get(_id)?.toISOString() ?? null,
  }
}

async function earnedBy({ person }: Actor): Promise<ReadonlyMap<Id, Date>> {
  const awards = person ? await awardsOf(person) : []
  return new Map(awards.map(({ badge, at }) => [badge, at]))
}
