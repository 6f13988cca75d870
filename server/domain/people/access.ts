import { NotFound } from '../../errors.js'
import type { Owned } from '../../http/routes.js'
import type { Actor, Id, Name, Plugin } from '../../kernel/contract.js'
import { contributions, enabledPlugins } from '../../kernel/plugins.js'

/** In the order in which they are listed. */
export const everyRole = [
  'learner',
  'trainer',
  'coordinator',
  'evaluator',
  'coach',
  'administrator',
  'manager',
  'self',
] as const

/** What a person may hold over a unit. `manager` and `self` are never granted: they follow from reports today, and from being the person. */
export type Role = (typeof everyRole)[number]

/** A role over a unit and all below it, or over those who report to the actor. */
export interface Grant {
  readonly role: Role
  readonly over: Id | 'reports'
  /** The line manager over whose reports it is held, by a deputy while that manager is away. */
  readonly of?: Id
}

/** A permission and the roles that carry it. */
export interface Permission {
  readonly id: Name
  readonly roles: readonly Role[]
}

/** Somebody who looks at Palier as another person does. */
export interface Looking {
  readonly by: Id
  readonly name: string
  readonly language: string
  readonly timeZone: string
  readonly reason: string
  readonly until: Date
}

declare module '../../kernel/contract.js' {
  interface Contributions {
    permissions: Permission
  }

  interface Actor {
    readonly kind: 'person' | 'system'
    /** The person's name, or the job's. */
    readonly name: string
    readonly person?: Id
    readonly grants: readonly Grant[]
    readonly session?: Id
    /** Whether this session has proven a second factor. */
    readonly secondFactor?: boolean
    readonly language: string
    readonly theme?: string
    readonly timeZone?: string
    readonly institution?: Id
    /** Notifications not yet read, as the session knows them. */
    readonly unread?: number
    /** What the session is marked with: the support view by which it looks at Palier as somebody else does. */
    readonly supportView?: Id
    /** Who looks at Palier as this person does, to help: nothing is changed meanwhile. */
    readonly support?: Looking
    /** The support view of this session has ended since its last request. */
    readonly supportOver?: true
  }
}

/** An actor who may do everything and names itself in the audit log: for jobs, seeds and commands. */
export const systemActor = (job: string): Actor => ({
  kind: 'system',
  name: job,
  grants: [],
  language: 'en',
})

/**
 * Whether an actor holds a permission, over an object when one is given. Pure over the grants and what the object says
 * of itself; an object that names no unit, person, manager or owner is everybody's who holds the permission somewhere.
 */
export function may(actor: Actor, permission: Name, object?: Owned): boolean {
  if (actor.kind === 'system') return true
  const roles = rolesFor(permission)
  if (!object || belongsNowhere(object)) return holdsAny(actor, roles)
  if (owns(actor, object)) return holdsAny(actor, roles)
  if (roles.has('self') && object.person !== undefined && object.person === actor.person)
    return true

  return actor.grants.some((grant) => roles.has(grant.role) && reaches(grant, actor, object))
}

/** The actor's own institution, where it holds a permission over all of it. Throws `NotFound` for everybody else. */
export function administeredBy(actor: Actor, permission: Name): Id {
  const { institution } = actor
  if (!institution || !may(actor, permission, { units: [institution] })) throw new NotFound()
  return institution
}

/** The line manager for whom an actor does something that it may do as a deputy alone. */
export function actsFor(actor: Actor, permission: Name, object: Owned): Id | undefined {
  const own = actor.grants.filter(({ of }) => of === undefined)
  if (may({ ...actor, grants: own }, permission, object)) return undefined
  return actor.grants.find(({ of }) => of !== undefined && of === object.manager)?.of
}

/** The units over which an actor holds a permission, the managers over whose reports, and whether over itself. */
export function reachOf(
  actor: Actor,
  permission: Name,
): { readonly units: Id[]; readonly reportsOf: Id[]; readonly self: boolean } {
  const roles = rolesFor(permission)
  const held = actor.grants.filter(({ role }) => roles.has(role))
  const overs = held.map(({ over }) => over)
  const units = [...new Set(overs.filter((over) => over !== 'reports'))]
  const led = held.flatMap(({ over, of }) => (over === 'reports' ? (of ?? actor.person ?? []) : []))
  return { units, reportsOf: [...new Set(led)], self: roles.has('self') }
}

/** Every permission with the roles that carry it, in the order in which features declare them. */
export const everyPermission = (): Permission[] =>
  [...indexed(contributions('permissions'))].map(([id, roles]) => ({ id, roles: [...roles] }))

let indexedFor: readonly Plugin[] | undefined
let byId = new Map<Name, ReadonlySet<Role>>()

/** A permission may be declared once and widened by others; one that nobody declares is held by nobody. */
function rolesFor(permission: Name): ReadonlySet<Role> {
  if (indexedFor !== enabledPlugins()) {
    indexedFor = enabledPlugins()
    byId = indexed(contributions('permissions'))
  }
  return byId.get(permission) ?? new Set()
}

function indexed(permissions: readonly Permission[]): Map<Name, ReadonlySet<Role>> {
  const index = new Map<Name, Set<Role>>()
  for (const { id, roles } of permissions) {
    index.set(id, new Set([...(index.get(id) ?? []), ...roles]))
  }
  return index
}

const belongsNowhere = ({ units, person, manager, owners }: Owned): boolean =>
  units === undefined && person === undefined && manager === undefined && owners === undefined

const holdsAny = (actor: Actor, roles: ReadonlySet<Role>): boolean =>
  roles.has('self') || actor.grants.some(({ role }) => roles.has(role))

const owns = ({ person }: Actor, { owners }: Owned): boolean =>
  person !== undefined && Boolean(owners?.includes(person))

/** A deputy decides nothing about itself, whoever is away. */
function reaches({ over, of }: Grant, actor: Actor, { units, manager, person }: Owned): boolean {
  if (over !== 'reports') return Boolean(units?.includes(over))
  if (of !== undefined) return manager === of && person !== actor.person
  return actor.person !== undefined && manager === actor.person
}
