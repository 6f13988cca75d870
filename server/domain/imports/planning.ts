import { randomUUID } from 'node:crypto'
import type { Actor, Id } from '../../kernel/contract.js'
import { may } from '../people/access.js'
import { changesOf } from '../people/describing.js'
import type { RoleGrant } from '../people/roles.js'
import type { Fields, Listed, NewListed } from '../people/rosters.js'
import { covers, type HouseChange, type Placement, type Unit } from '../organisation/rosters.js'
import type { Checked, Fault, Wanted } from './checking.js'
import { settleIn, type House } from './house.js'
import { planPlace } from './house-lines.js'
import type { Change, Outcome, Steps } from './models.js'
import { planMove, type Move } from './moving.js'

/** What is known of the people of some lines, read once for all of them. */
export interface Known {
  readonly byNumber: ReadonlyMap<string, Listed>
  readonly byEmail: ReadonlyMap<string, Listed>
  readonly placements: ReadonlyMap<Id, readonly Placement[]>
  readonly roles: ReadonlyMap<Id, readonly RoleGrant[]>
  /** The units of the roles, with those above. */
  readonly unitsOf: ReadonlyMap<Id, readonly Id[]>
}

export interface Planning {
  readonly actor: Actor
  readonly language: string
  readonly at: Date
  readonly house: House
  readonly known: Known
}

/** What becomes of a line, and what is to be written for it. */
export interface Planned {
  readonly outcome: Outcome
  readonly changes: readonly Change[]
  readonly faults: readonly Fault[]
  readonly person?: Id
  readonly steps?: Steps
}

/** Plans a line, and settles what it changes into the house, so that the next line finds it there. */
export function planLine(planning: Planning, { wanted, faults }: Checked): Planned {
  if (faults.length > 0) return refusal(faults)
  const planned = isPerson(wanted) ? planPerson(planning, wanted) : planPlace(planning, wanted)
  if (planned.steps) settleIn(planning.house, planned.steps.house)
  return planned
}

export const refusal = (faults: readonly Fault[]): Planned => ({
  outcome: 'refused',
  changes: [],
  faults,
})

const isPerson = ({ staffNumber, familyName, email }: Wanted): boolean =>
  Boolean(staffNumber ?? familyName ?? email)

function planPerson(planning: Planning, wanted: Wanted): Planned {
  const matched = matching(planning, wanted)
  if ('code' in matched) return refusal([matched])
  const { person } = matched
  if (!person) return planNewcomer(planning, wanted)
  if (planning.house.met.has(person._id)) return refusal([{ code: 'same-person' }])
  planning.house.met.add(person._id)
  return planKnown(planning, person, wanted)
}

/** Who a line is about: by staff number, else by address. One line may not mean two people, nor somebody out of reach. */
function matching(
  { known, actor, house }: Planning,
  { staffNumber = '', email = '' }: Wanted,
): Fault | { readonly person: Listed | undefined } {
  const numbered = known.byNumber.get(staffNumber)
  const addressed = known.byEmail.get(email)
  if (numbered && addressed && numbered._id !== addressed._id) {
    return { code: 'two-people', column: 'email', value: email }
  }
  const person = numbered ?? addressed
  if (!person) return { person }
  if (person.mergedInto) {
    const column = numbered ? 'staffNumber' : 'email'
    return { code: 'account-merged', column, value: numbered ? staffNumber : email }
  }
  if (person.institution !== house.root.institution) {
    return { code: 'account-elsewhere', column: 'email', value: email }
  }
  if (!may(actor, 'imports:manage', { units: person.units })) return { code: 'out-of-reach' }
  const differs = staffNumber && person.staffNumber && person.staffNumber !== staffNumber
  return differs
    ? { code: 'number-differs', column: 'staffNumber', value: person.staffNumber ?? '' }
    : { person }
}

function planNewcomer(planning: Planning, wanted: Wanted): Planned {
  const { house, at, language } = planning
  const id = randomUUID()
  const move = planMove(house, { person: id, arrives: true, placements: [], wanted, at })
  const role = planRole(planning, { person: id, wanted, unit: move.unit })
  const faults = [...move.faults, ...role.faults]
  if (faults.length > 0) return refusal(faults)
  const { familyName = '', givenName = '', email, staffNumber, until } = wanted
  const person: NewListed = {
    ...{ id, familyName, givenName, email, staffNumber },
    institution: house.root.institution,
    language: wanted.language ?? language,
    status: until && until <= at ? 'deactivated' : 'invited',
    ...(until && { leavesAt: until }),
    ...(isSettled(move.house, at) && { place: { unit: move.unit._id, units: move.unit.units } }),
  }
  const steps = { house: move.house, person, ...(role.grant && { role: role.grant }) }
  return {
    outcome: 'create',
    changes: [...move.changes, ...role.changes],
    faults,
    person: id,
    steps,
  }
}

/** Nobody's report, and where the person belongs already. */
const isSettled = ({ holders, placements }: HouseChange, at: Date): boolean =>
  holders.length === 0 && placements.every((placement) => covers(placement, at))

function planKnown(planning: Planning, person: Listed, wanted: Wanted): Planned {
  const { house, at, known } = planning
  const next = nextStatus(person, wanted, at)
  const set = { ...changesOf(person, namedIn(wanted)), ...next.fields } as Fields
  const move = planMove(house, {
    person: person._id,
    arrives: next.returns,
    ...(person.leavesAt && person.leavesAt > at && { leavesAt: person.leavesAt }),
    placements: known.placements.get(person._id) ?? [],
    wanted: next.absent ? stayingAway(wanted) : wanted,
    at,
  })
  const role = planRole(planning, { person: person._id, wanted, unit: move.unit })
  const faults = [...move.faults, ...role.faults, ...forbidden(planning, person, set)]
  if (faults.length > 0) return refusal(faults)
  const changes = [...changesIn(person, set), ...move.changes, ...role.changes]
  const steps = stepsOf(person, set, { move, role })
  const outcome = outcomeOf({ next, move, changes, steps })
  return { outcome, changes, faults, person: person._id, ...(outcome !== 'same' && { steps }) }
}

/** Who has left and does not come back is moved nowhere. */
const stayingAway = ({ unit: _, post: __, ...wanted }: Wanted): Wanted => wanted

const namedIn = ({ familyName, givenName, email, staffNumber, language }: Wanted) => ({
  familyName,
  givenName,
  email,
  staffNumber,
  language,
})

interface Next {
  readonly fields: Fields
  readonly returns: boolean
  readonly leaves: boolean
  /** Deactivated before and after. */
  readonly absent: boolean
}

/** What the dates of a line make of an account: a last day, an end of it, a return under the same number. */
function nextStatus(person: Listed, { until, stays }: Wanted, at: Date): Next {
  const gone = person.status === 'deactivated'
  const over = until !== undefined && until <= at
  if (gone && over) return { fields: {}, returns: false, leaves: false, absent: true }
  if (gone) {
    const status = person.hasPassword ? 'active' : 'invited'
    const fields = { status, leavesAt: until ?? null } as const
    return { fields, returns: true, leaves: false, absent: false }
  }
  if (until && Number(until) !== Number(person.leavesAt ?? 0)) {
    const fields = { leavesAt: until, ...(over && { status: 'deactivated' as const }) }
    return { fields, returns: false, leaves: true, absent: false }
  }
  const fields = !until && stays && person.leavesAt ? { leavesAt: null } : {}
  return { fields, returns: false, leaves: false, absent: false }
}

interface Role {
  readonly grant?: NonNullable<Steps['role']>
  readonly changes: readonly Change[]
  readonly faults: readonly Fault[]
}

/** A role is given over the unit of the line, by who may grant roles there. */
function planRole(
  { actor, known, at }: Planning,
  { person, wanted, unit }: { person: Id; wanted: Wanted; unit: Unit },
): Role {
  const { role, from } = wanted
  if (!role || role === 'learner') return { changes: [], faults: [] }
  const held = known.roles.get(person) ?? []
  if (held.some((one) => one.role === role && unit.units.includes(one.unit))) {
    return { changes: [], faults: [] }
  }
  if (!may(actor, 'organisation:grant-roles', { units: unit.units })) {
    return { changes: [], faults: [{ code: 'role-forbidden', column: 'role', value: role }] }
  }
  const grant = { id: randomUUID(), role, unit: unit._id, from: from ?? at }
  return { grant, changes: [{ field: 'role', from: null, to: role }], faults: [] }
}

/** Address and state of somebody with roles are for who may grant those roles; nobody puts themselves out. */
function forbidden({ actor, known }: Planning, person: Listed, set: Fields): Fault[] {
  const control = set.email !== undefined || set.status !== undefined || set.leavesAt !== undefined
  if (!control) return []
  if (person._id === actor.person && set.email === undefined) return [{ code: 'yourself' }]
  const above = (known.roles.get(person._id) ?? []).some(
    ({ unit }) =>
      !may(actor, 'organisation:grant-roles', { units: known.unitsOf.get(unit) ?? [unit] }),
  )
  return above ? [{ code: 'holds-roles' }] : []
}

const shown: readonly Change['field'][] = [
  'familyName',
  'givenName',
  'email',
  'staffNumber',
  'language',
  'status',
]

function changesIn(person: Listed, set: Fields): Change[] {
  const all = shown.filter((field) => field in set) as (keyof Fields)[]
  const last: Change[] =
    'leavesAt' in set
      ? [{ field: 'until', from: said(person.leavesAt), to: said(set.leavesAt) }]
      : []
  return [
    ...all.map((field) => ({
      field: field as Change['field'],
      from: said(person[field]),
      to: said(set[field]),
    })),
    ...last,
  ]
}

const said = (value: unknown): string | null =>
  value instanceof Date ? value.toISOString() : value ? String(value) : null

function stepsOf(person: Listed, set: Fields, { move, role }: { move: Move; role: Role }): Steps {
  const keys = Object.keys(set) as (keyof Fields)[]
  const before = Object.fromEntries(keys.map((key) => [key, person[key] ?? null])) as Fields
  return {
    house: move.house,
    ...(keys.length > 0 && { fields: { before, after: set } }),
    ...(role.grant && { role: role.grant }),
  }
}

function outcomeOf(of: {
  next: Next
  move: Move
  changes: readonly Change[]
  steps: Steps
}): Outcome {
  const { next, move, changes, steps } = of
  if (next.returns) return 'return'
  if (next.leaves) return 'leave'
  if (move.changes.length > 0) return 'move'
  const moves = Object.values(move.house).some((list) => list.length > 0)
  return changes.length > 0 || steps.fields || moves ? 'change' : 'same'
}
