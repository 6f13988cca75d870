import { readDemo, type Demo } from '../../../content/demo/demo.js'
import { readFramework } from '../../../content/framework/framework.js'
import type { Id } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import type { Seed } from '../../platform/seeds.js'
import { wordsOf } from '../../platform/words.js'
import { systemActor } from '../people/access.js'
import { auditEach } from '../people/audit.js'
import { hashPassword } from '../people/passwords/passwords.js'
import { createPeople } from '../people/people.js'
import { grantRoles } from '../people/roles.js'
import { addCrowd } from './crowd.js'
import { PostModel, UnitModel, type Post, type Profile, type Unit } from './models.js'
import { placeSilently } from './placing.js'
import { unitUnder } from './units.js'

const actor = systemActor('demo')
const password = 'palier-demo'
const day = 86_400_000

/** The demo institution: its units, people, posts with history, and roles. */
export const demoInstitution: Seed = {
  id: 'organisation:demo',
  crowd: addCrowd,
  async run() {
    const demo = readDemo()
    const units = await seedUnits(demo)
    await seedPeople(demo)
    await seedPosts(demo, units)
    await seedRoles(demo)
    await placeSilently(demo.people.map(({ id }) => id))
  },
}

async function seedUnits({ institution }: Demo): Promise<Map<Id, Unit>> {
  const units = new Map<Id, Unit>()
  for (const { id, kind, parent, name } of institution.units) {
    const above = units.get(parent ?? '')
    units.set(id, unitUnder(above, { id, kind, name: name.en, names: name }))
  }
  const known = await UnitModel.find({}, { _id: 1 }).lean<{ _id: Id }[]>()
  const made = [...units.values()].filter(({ _id }) => !known.some((unit) => unit._id === _id))
  await UnitModel.insertMany(made)
  const lines = made.map(({ _id, name }) => ({ object: _id, details: { name } }))
  await auditEach(actor, 'organisation:unit-created', lines)
  return units
}

/** One hash for all: the password is known to everybody, and hashing sixty would take a second. */
async function seedPeople({ people }: Demo): Promise<void> {
  const passwordHash = await hashPassword(password)
  await createPeople(
    actor,
    people.map(({ id, givenName, familyName, email, language, status }) => ({
      ...{ id, givenName, familyName, email, language, passwordHash },
      ...(status === 'deactivated' && { status }),
    })),
  )
}

async function seedPosts({ posts }: Demo, units: ReadonlyMap<Id, Unit>): Promise<void> {
  const profiles = profilesOf()
  const made = posts.map((source) => postFrom(source, units, profiles))
  const known = await PostModel.find({}, { _id: 1 }).lean<{ _id: Id }[]>()
  const there = new Set(known.map(({ _id }) => _id))
  await PostModel.insertMany(made.filter(({ _id }) => !there.has(_id)))
}

function postFrom(
  source: Demo['posts'][number],
  units: ReadonlyMap<Id, Unit>,
  profiles: ReadonlyMap<string, Profile>,
): Post {
  const { id, unit, title, altitude, reportsTo, holders, formerlyReportedTo = [] } = source
  const profile = profiles.get(source.profile)
  const formerLines = formerlyReportedTo.map((line) => ({ post: line.post, ...period(line) }))
  const ends = formerLines.map(({ to }) => Number(to ?? 0))
  return {
    _id: id,
    title: title.en,
    titles: title,
    words: wordsOf(...Object.values(title)),
    unit,
    units: units.get(unit)?.units ?? [],
    altitude,
    ...(profile && { profile }),
    reportsTo,
    formerLines: formerLines.map(({ to, ...line }) => ({ ...line, to: to ?? now() })),
    reportsSince: new Date(Math.max(0, ...ends)),
    holders: holders.map((holder) => ({ person: holder.person, as: holder.as, ...period(holder) })),
    revision: 0,
  }
}

async function seedRoles({ roles }: Demo): Promise<void> {
  const grants = roles.map((source) => {
    const { person, role, unit } = source
    const { from, to } = period(source)
    return { id: `demo:${person}:${role}:${unit}`, person, role, unit, from, to: to ?? undefined }
  })
  await grantRoles(actor, grants)
}

function profilesOf(): Map<string, Profile> {
  const { id: framework, profiles } = readFramework('managerial')
  return new Map(
    profiles.map((profile) => {
      const targets = Object.entries(profile.targets).map(([slug, level]) => [
        `${framework}:${slug}`,
        level,
      ])
      return [
        `${framework}:${profile.id}`,
        { framework, targets: Object.fromEntries(targets) as Record<Id, number> },
      ]
    }),
  )
}

function period({
  fromDaysAgo,
  toDaysAgo,
}: {
  fromDaysAgo: number
  toDaysAgo?: number | undefined
}) {
  return {
    from: daysAgo(fromDaysAgo),
    to: toDaysAgo === undefined ? null : daysAgo(toDaysAgo),
  }
}

/** At the start of a day, as posts and roles change hands. */
function daysAgo(count: number): Date {
  const today = Math.floor(Number(now()) / day)
  return new Date((today - count) * day)
}
