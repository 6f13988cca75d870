import { createHash } from 'node:crypto'
import type { Actor, Id, Name } from '../../kernel/contract.js'
import { isDuplicateKey } from '../../platform/database.js'
import { now } from '../../platform/clock.js'
import { pageAndTotal } from '../../platform/totals.js'
import { reachOf, systemActor } from './access.js'
import { AuditModel, type AuditEntry } from './audit-models.js'
import { PersonModel, type Person } from './models.js'

export interface AuditDetails {
  readonly object?: Id
  /** What changed, in words and ids; never a secret. */
  readonly details?: Readonly<Record<string, string | number | boolean | null | undefined>>
}

/** Adds a line to the log that nothing changes or removes. Each line's hash covers the one before. */
export const audit = (actor: Actor, action: Name, about: AuditDetails = {}): Promise<void> =>
  auditEach(actor, action, [about])

/** Adds a line for each of several objects of one act, in one write. */
export async function auditEach(
  actor: Actor,
  action: Name,
  objects: readonly AuditDetails[],
): Promise<void> {
  let before = await AuditModel.findOne({}).sort({ _id: -1 }).lean<AuditEntry>()
  const entries = objects.map((about) => {
    const entry = { _id: numbered(Number(before?._id ?? 0) + 1), ...lineOf(actor, action, about) }
    before = { ...entry, hash: hashOf(entry, before?.hash ?? '') }
    return before
  })
  try {
    await AuditModel.insertMany(entries)
  } catch (error) {
    // Somebody else took a number: from there on the next ones are ours.
    if (!isDuplicateKey(error)) throw error
    await auditEach(actor, action, objects.slice(insertedBy(error)))
  }
}

/** Whoever did something, for the lines of what follows from it: a person, who may do nothing, or the job of that name. */
export async function authorOf(person: Id): Promise<Actor> {
  const found = await PersonModel.findById(person).lean<Person>()
  if (!found) return systemActor(person)
  const { name, institution } = found
  return {
    ...{ kind: 'person', name, person, grants: [], language: 'en' },
    ...(institution && { institution }),
  }
}

interface AuditWindow {
  /** Lines that one of these people acted in or that are about them. */
  readonly concerning?: readonly Id[] | undefined
  readonly order?: Readonly<Record<string, 1 | -1>>
  readonly skip: number
  readonly limit: number
}

/** The lines an actor may read, the latest first unless in another order: those of the institutions it administers, and the system's own. */
export async function auditLog(
  actor: Actor,
  window: AuditWindow,
): Promise<{ entries: AuditEntry[]; total: number }> {
  const filter = { $and: [readable(actor), concerning(window)] }
  const { order: sort = { _id: -1 }, skip, limit } = window
  const { found, total } = await pageAndTotal(AuditModel, filter, { sort, skip, limit })
  return { entries: found, total }
}

/** The number of the first line that does not fit its hash or follows a gap; nothing when the log is whole. */
export async function firstBrokenLine(): Promise<string | undefined> {
  let before = ''
  let number = 0
  for await (const entry of AuditModel.find({}).sort({ _id: 1 }).lean<AuditEntry[]>().cursor()) {
    number += 1
    if (entry._id !== numbered(number) || entry.hash !== hashOf(entry, before)) return entry._id
    before = entry.hash
  }
  return undefined
}

/** How many lines an ordered write had written when it met one that was there. */
const insertedBy = (error: unknown): number =>
  (error as { insertedDocs?: readonly unknown[] }).insertedDocs?.length ?? 0

const numbered = (number: number): string => String(number).padStart(12, '0')

type Unsealed = Omit<AuditEntry, 'hash'>

const lineOf = (
  actor: Actor,
  action: Name,
  { object, details = {} }: AuditDetails,
): Omit<Unsealed, '_id'> => ({
  at: now(),
  action,
  actor: whoActs(actor),
  ...(actor.institution && { institution: actor.institution }),
  ...(object && { object }),
  details: Object.fromEntries(
    Object.entries(details).flatMap(([key, value]) =>
      value === undefined || value === null ? [] : [[key, String(value)]],
    ),
  ),
})

/** Whoever looks as somebody else does answers for it. */
function whoActs({ kind, name, person, support }: Actor): AuditEntry['actor'] {
  if (support) return { kind, name: support.name, person: support.by }
  return { kind, name, ...(person && { person }) }
}

function hashOf(entry: Unsealed, before: string): string {
  const { _id, at, action, actor, institution, object, details } = entry
  const said = [
    _id,
    at.toISOString(),
    action,
    [actor.kind, actor.person ?? null, actor.name],
    institution ?? null,
    object ?? null,
    Object.entries(details ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)),
  ]
  return createHash('sha256').update(before).update(JSON.stringify(said)).digest('hex')
}

const concerning = ({ concerning: people }: AuditWindow): object =>
  people
    ? { $or: [{ 'actor.person': { $in: [...people] } }, { object: { $in: [...people] } }] }
    : {}

function readable(actor: Actor): Record<string, unknown> {
  if (actor.kind === 'system') return {}
  const { units } = reachOf(actor, 'people:read-audit')
  return { institution: { $in: [...units, null] } }
}
