import type { z } from 'zod'
import { AppError } from '../../errors.js'
import type { Actor, Id } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { visiblePerson } from '../organisation/directory.js'
import { lineUp } from '../organisation/presenting.js'
import { unitsNamed } from '../organisation/units.js'
import { carriedOver } from '../people/merging.js'
import { peopleNamed, type Person } from '../people/people.js'
import { rolesOf } from '../people/roles.js'
import { manage, refuseUnfit, type Both } from './merging.js'
import { figuresOf } from './moving.js'
import type { PairFound } from './pairs.js'
import type { accountShown, mergeShown, pairLine } from './shown.js'

type Account = z.input<typeof accountShown>

/** Pairs as the list shows them. */
export async function pairLines(
  pairs: readonly PairFound[],
  language: string,
): Promise<z.input<typeof pairLine>[]> {
  const [accounts, names] = await Promise.all([
    accountsOf(
      pairs.flatMap(({ people }) => people),
      language,
    ),
    peopleNamed(pairs.flatMap(({ pair }) => pair.dismissedBy ?? [])),
  ])
  return pairs.map(({ pair: { _id, dismissedBy, dismissedAt, ...pair } }, at) => ({
    id: _id,
    reasons: [...pair.reasons],
    state: pair.state,
    foundAt: pair.foundAt.toISOString(),
    ...sidesOf(accounts, at),
    dismissed: dismissedAt
      ? { by: names.get(dismissedBy ?? '')?.name ?? '', at: dismissedAt.toISOString() }
      : null,
  }))
}

interface Comparing {
  readonly lost: Person
  readonly into: Id | undefined
  readonly language: string
}

/** What merging an account into another would do. Throws `NotFound` where the actor does not manage the other. */
export async function mergePage(
  actor: Actor,
  { lost, into, language }: Comparing,
): Promise<z.input<typeof mergeShown>> {
  if (!into) return { lost: await sideOf(lost, language), other: null }
  const kept = await visiblePerson(actor, into, manage)
  const refused = await refusalOf(actor, { kept, lost })
  return {
    lost: await sideOf(lost, language),
    other: {
      kept: await sideOf(kept, language),
      figures: refused ? [] : await figuresOf({ kept: kept._id, lost: lost._id }),
      carried: carriedOver(kept, lost),
      refused,
    },
  }
}

async function refusalOf(actor: Actor, both: Both): Promise<string | null> {
  try {
    await refuseUnfit(actor, both)
    return null
  } catch (error) {
    if (error instanceof AppError) return error.code
    throw error
  }
}

function sidesOf(accounts: readonly Account[], at: number): { kept: Account; lost: Account } {
  const [kept, lost] = accounts.slice(at * 2)
  if (!kept || !lost) throw new Error('a pair without its people')
  return { kept, lost }
}

async function accountsOf(people: readonly Person[], language: string): Promise<Account[]> {
  const lines = await lineUp(people, language)
  return lines.map((line, at) => ({
    ...line,
    createdAt: (people[at]?.createdAt ?? now()).toISOString(),
    lastSignInAt: people[at]?.lastSignInAt?.toISOString() ?? null,
  }))
}

async function sideOf(person: Person, language: string) {
  const [[account], roles] = await Promise.all([
    accountsOf([person], language),
    rolesOf(person._id, now()),
  ])
  if (!account) throw new Error('a person without a line')
  const units = await unitsNamed(
    roles.map(({ unit }) => unit),
    language,
  )
  return {
    ...account,
    roles: roles.map(({ role, unit }) => ({ role, unit: units.get(unit) ?? '' })),
  }
}
