import { randomUUID } from 'node:crypto'
import { Forbidden, Invalid, NotFound } from '../../errors.js'
import type { Actor, Id, Name } from '../../kernel/contract.js'
import { isDuplicateKey } from '../../platform/database.js'
import { may } from '../people/access.js'
import { audit } from '../people/audit.js'
import { scopeOf } from './scope.js'
import { readLooks } from './settings/looks.js'
import { UnitModel, type InLanguages, type Unit, type UnitKind } from './models.js'

export type { Unit, UnitKind } from './models.js'

/** A unit with the units under it, in the order of their names. */
export interface UnitNode extends Unit {
  readonly children: readonly UnitNode[]
}

/** The trees an actor may look at: the own institution, and those in which a role is held. Units are no secret inside it. */
export async function unitTree(actor: Actor): Promise<UnitNode[]> {
  const units = await unitsKnownTo(actor)
  const known = new Set(units.map(({ _id }) => _id))
  const under = (parent: Id): UnitNode[] =>
    units.filter((unit) => unit.parent === parent).map(withChildren)
  const withChildren = (unit: Unit): UnitNode => ({ ...unit, children: under(unit._id) })
  return units.filter(({ parent }) => parent === null || !known.has(parent)).map(withChildren)
}

/** The units of those trees in one list, by name. */
export async function unitsKnownTo(actor: Actor): Promise<Unit[]> {
  return UnitModel.find(knownTo(actor)).sort({ name: 1 }).lean<Unit[]>()
}

/** A unit of those trees. Throws `NotFound`. */
export async function findUnit(actor: Actor, id: Id): Promise<Unit> {
  const unit = await UnitModel.findOne({ $and: [{ _id: id }, knownTo(actor)] }).lean<Unit>()
  if (!unit) throw new NotFound()
  return unit
}

/** A unit whoever asks, for records that name one. Throws `Invalid('organisation:no-such-unit')`. */
export async function unitById(id: Id): Promise<Unit> {
  const unit = await UnitModel.findById(id).lean<Unit>()
  if (!unit) throw noSuchUnit()
  return unit
}

/** A unit over which the actor holds a permission. One that is out of reach is refused like one that is not there. */
export async function unitFor(actor: Actor, permission: Name, id: Id): Promise<Unit> {
  const unit = await unitById(id)
  if (!may(actor, permission, { units: unit.units })) throw noSuchUnit()
  return unit
}

/** A unit and its ancestors, the institution last. */
export const ancestorsOf = async (unit: Id): Promise<Id[]> => (await unitById(unit)).units

/** Names in a language by id. */
export async function unitsNamed(ids: readonly Id[], language: string): Promise<Map<Id, string>> {
  const wanted = [...new Set(ids)]
  if (wanted.length === 0) return new Map()
  const found = await UnitModel.find({ _id: { $in: wanted } }).lean<Unit[]>()
  return new Map(found.map((unit) => [unit._id, nameIn(unit, language)]))
}

/** The name of a unit in a language, else the one it always has. */
export const nameIn = ({ name, names }: Unit, language: string): string => names?.[language] ?? name

/** The units over which an actor holds a permission, those below one of them if asked for. */
export async function unitsInReach(actor: Actor, permission: Name, below?: Id): Promise<Unit[]> {
  const { everything, units } = scopeOf(actor, permission)
  return UnitModel.find({
    $and: [everything ? {} : { units: { $in: units } }, below ? { units: below } : {}],
  }).lean<Unit[]>()
}

/** A choice of units for a form, in the order of the tree and indented by depth. */
export async function unitChoices(
  actor: Actor,
  { permission, language }: { permission: Name; language: string },
): Promise<{ value: Id; label: string }[]> {
  const { everything, units } = scopeOf(actor, permission)
  const inReach = (unit: Unit): boolean =>
    everything || unit.units.some((above) => units.includes(above))
  const choices = (nodes: readonly UnitNode[], depth: number): { value: Id; label: string }[] =>
    nodes.flatMap((node) => {
      const own = { value: node._id, label: `${'\u2003'.repeat(depth)}${nameIn(node, language)}` }
      const reached = inReach(node)
      return [...(reached ? [own] : []), ...choices(node.children, depth + (reached ? 1 : 0))]
    })
  return choices(await unitTree(actor), 0)
}

export interface NewUnit {
  /** A form's hidden id: sent twice, it creates once. */
  readonly id?: Id | undefined
  readonly name: string
  readonly names?: InLanguages | undefined
  readonly kind: UnitKind
  /** None for an institution, which only the system founds. */
  readonly parent?: Id | null | undefined
}

/** Adds a unit under another, within the actor's reach. */
export async function createUnit(actor: Actor, given: NewUnit): Promise<Unit & { isNew: boolean }> {
  const parent = await parentFor(actor, given)
  const unit = unitUnder(parent, given)
  const { _id } = unit
  try {
    await UnitModel.create(unit)
  } catch (error) {
    if (!isDuplicateKey(error)) throw error
    return { ...(await findUnit(actor, _id)), isNew: false }
  }
  await audit(actor, 'organisation:unit-created', { object: _id, details: { name: unit.name } })
  if (unit.parent === null) await readLooks()
  return { ...unit, isNew: true }
}

/** A unit as it is kept under a parent, or as the root of its own tree. */
export function unitUnder(
  parent: Unit | undefined,
  { id = randomUUID(), name, names, kind }: NewUnit,
): Unit {
  return {
    _id: id,
    name,
    ...(names && { names }),
    kind,
    parent: parent?._id ?? null,
    units: [id, ...(parent?.units ?? [])],
    institution: parent?.institution ?? id,
  }
}

/** Gives a unit another name. */
export async function renameUnit(actor: Actor, { _id, parent }: Unit, name: string): Promise<void> {
  await UnitModel.updateOne({ _id }, { $set: { name }, $unset: { names: 1 } })
  await audit(actor, 'organisation:unit-renamed', { object: _id, details: { name } })
  if (parent === null) await readLooks()
}

async function parentFor(actor: Actor, { kind, parent }: NewUnit): Promise<Unit | undefined> {
  if (parent) {
    if (kind === 'institution') throw new Invalid('organisation:institution-is-root')
    return unitFor(actor, 'organisation:manage-units', parent)
  }
  if (actor.kind !== 'system') throw new Forbidden()
  return undefined
}

function knownTo({ kind, institution, grants }: Actor) {
  if (kind === 'system') return {}
  const over = grants.map((grant) => grant.over).filter((unit) => unit !== 'reports')
  return { units: { $in: [...new Set([...(institution ? [institution] : []), ...over])] } }
}

const noSuchUnit = (): Invalid =>
  new Invalid('organisation:no-such-unit', {
    errors: [{ path: 'unit', code: 'organisation:no-such-unit' }],
  })

/** The ids of all institutions, for work on each. */
export async function institutionIds(): Promise<Id[]> {
  const found = await UnitModel.find({ parent: null }, { _id: 1 }).lean<Pick<Unit, '_id'>[]>()
  return found.map(({ _id }) => _id)
}
