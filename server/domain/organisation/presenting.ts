import type { z } from 'zod'
import type { Actor, Id } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { may } from '../people/access.js'
import { factorsOf, hasFactor } from '../people/factors/standing.js'
import { peopleNamed, type Person, type PersonName } from '../people/people.js'
import { covers, isVacant } from './holding.js'
import type { Post } from './models.js'
import { careerOf, postsOf, type Position } from './positions.js'
import { postsOver, postsWhere, titleIn } from './posts.js'
import type { meShown, personLine, personShown, postShown } from './shown.js'
import { unitsNamed } from './units.js'

type PersonLine = z.input<typeof personLine>

/** People as lists show them, with their units and posts. */
export async function lineUp(people: readonly Person[], language: string): Promise<PersonLine[]> {
  const [units, posts] = await Promise.all([
    unitsNamed(unitsOf(people), language),
    postsOf(people.map(({ _id }) => _id)),
  ])
  return people.map((person) => ({
    id: person._id,
    name: person.name,
    email: person.email ?? null,
    staffNumber: person.staffNumber ?? null,
    status: person.status,
    unit: namedIn(units, person.unit),
    post: positionShown(posts.get(person._id), language),
  }))
}

/** A person's page. */
export async function personPage(
  actor: Actor,
  person: Person,
  language: string,
): Promise<z.input<typeof personShown>> {
  const [line] = await lineUp([person], language)
  if (!line) throw new Error('a person without a line')
  const career = await careerOf(person._id)
  const mayReset = may(actor, 'people:reset-factors', { units: person.units })
  const [units, managers, factors] = await Promise.all([
    unitsNamed(
      career.map(({ unit }) => unit),
      language,
    ),
    peopleNamed(person.manager ? [person.manager] : []),
    mayReset ? factorsOf(person._id) : null,
  ])
  return {
    ...line,
    givenName: person.givenName,
    familyName: person.familyName,
    leavesAt: person.leavesAt?.toISOString() ?? null,
    language: person.language,
    manager: personNamed(managers, person.manager),
    career: career.map((position) => ({
      post: position.post,
      title: titleIn(position, language),
      unit: units.get(position.unit) ?? '',
      as: position.as,
      from: position.from.toISOString(),
      to: position.to?.toISOString() ?? null,
    })),
    managed: may(actor, 'organisation:manage-people', { units: person.units }),
    secondStep: hasFactor(factors),
  }
}

/** What the actor is and holds. */
export async function mePage(
  actor: Actor,
  person: Person,
  language: string,
): Promise<z.input<typeof meShown>> {
  const [line] = await lineUp([person], language)
  if (!line) throw new Error('a person without a line')
  const over = actor.grants.map((grant) => grant.over).filter((unit) => unit !== 'reports')
  const [units, managers] = await Promise.all([
    unitsNamed(over, language),
    peopleNamed(person.manager ? [person.manager] : []),
  ])
  return {
    person: {
      ...line,
      language: person.language,
      timeZone: person.timeZone,
      manager: personNamed(managers, person.manager),
    },
    roles: actor.grants.map((grant) => ({
      role: grant.role,
      over: grant.over === 'reports' ? null : namedIn(units, grant.over),
    })),
    unread: person.unread,
  }
}

type PostShown = z.input<typeof postShown>
type PostLine = Omit<PostShown, 'profile' | 'holders' | 'people' | 'posts'>

/** Posts as lists show them, with who holds and deputises today. */
export async function postLines(posts: readonly Post[], language: string): Promise<PostLine[]> {
  const at = now()
  const above = posts.flatMap(({ reportsTo }) => (reportsTo ? [reportsTo] : []))
  const [units, people, lines] = await Promise.all([
    unitsNamed(
      posts.map(({ unit }) => unit),
      language,
    ),
    peopleNamed(posts.flatMap(({ holders }) => holders.map(({ person }) => person))),
    postsWhere({ _id: { $in: above } }),
  ])
  const titles = new Map(lines.map((post) => [post._id, titleIn(post, language)]))
  const who = (post: Post, as: string): PostLine['holder'] =>
    personNamed(people, post.holders.find((one) => one.as === as && covers(one, at))?.person)
  return posts.map((post) => ({
    id: post._id,
    title: titleIn(post, language),
    altitude: post.altitude,
    unit: { id: post.unit, name: units.get(post.unit) ?? '' },
    holder: isVacant(post, at) ? null : who(post, 'holder'),
    deputy: who(post, 'deputy'),
    reportsTo: post.reportsTo
      ? { id: post.reportsTo, title: titles.get(post.reportsTo) ?? '' }
      : null,
  }))
}

/** A post's page, with everybody who held it. */
export async function postPage(actor: Actor, post: Post, language: string): Promise<PostShown> {
  const at = now()
  const [[line], names, posts] = await Promise.all([
    postLines([post], language),
    peopleNamed(post.holders.map(({ person }) => person)),
    postChoices(actor, language),
  ])
  if (!line) throw new Error('a post without a line')
  return {
    ...line,
    profile: post.profile ? { ...post.profile } : null,
    holders: post.holders
      .toSorted((a, b) => Number(b.from) - Number(a.from))
      .map((holder) => ({
        person: { id: holder.person, name: names.get(holder.person)?.name ?? '' },
        as: holder.as,
        from: holder.from.toISOString(),
        to: holder.to?.toISOString() ?? null,
        current: covers(holder, at),
      })),
    posts: posts.filter(({ value }) => value !== post._id),
  }
}

/** The posts the actor manages and those they may report to, for a form's choice. */
export async function postChoices(
  actor: Actor,
  language: string,
): Promise<{ value: Id; label: string }[]> {
  const posts = await postsWhere(postsOver(actor))
  return posts.map((post) => ({ value: post._id, label: titleIn(post, language) }))
}

const unitsOf = (people: readonly Person[]): Id[] =>
  people.flatMap(({ unit }) => (unit ? [unit] : []))

const namedIn = (
  names: ReadonlyMap<Id, string>,
  id: Id | null | undefined,
): { id: Id; name: string } | null => (id ? { id, name: names.get(id) ?? '' } : null)

function personNamed(
  names: ReadonlyMap<Id, PersonName>,
  id: Id | null | undefined,
): { id: Id; name: string } | null {
  const found = id ? names.get(id) : undefined
  return found ? { id: found.id, name: found.name } : null
}

const positionShown = (position: Position | undefined, language: string) =>
  position
    ? { id: position.post, title: titleIn(position, language), altitude: position.altitude }
    : null
