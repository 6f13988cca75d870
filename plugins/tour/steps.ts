import type { Actor } from '#core'

/** Whom there is a tour for, those with the most to learn first. */
export const tourRoles = ['administrator', 'coordinator', 'trainer', 'manager', 'learner'] as const
export type TourRole = (typeof tourRoles)[number]

/** A step is a page; what it is for is said by `tour:steps.<role>.<id>`. */
export interface TourStep {
  readonly id: string
  readonly href: string
}

const steps: Readonly<Record<TourRole, readonly TourStep[]>> = {
  administrator: [
    { id: 'settings', href: '/admin/settings' },
    { id: 'imports', href: '/imports' },
    { id: 'roles', href: '/admin/roles' },
    { id: 'sign-in', href: '/admin/sign-in' },
    { id: 'audit', href: '/admin/audit' },
  ],
  coordinator: [
    { id: 'people', href: '/people' },
    { id: 'units', href: '/units' },
    { id: 'assign', href: '/assignments' },
    { id: 'late', href: '/late' },
    { id: 'progress', href: '/progress' },
  ],
  trainer: [
    { id: 'write', href: '/courses/new' },
    { id: 'own', href: '/courses?mine=written' },
    { id: 'catalogue', href: '/courses' },
    { id: 'told', href: '/me/notifications' },
    { id: 'security', href: '/me/security' },
  ],
  manager: [
    { id: 'team', href: '/team' },
    { id: 'progress', href: '/progress' },
    { id: 'assign', href: '/assignments' },
    { id: 'people', href: '/people' },
    { id: 'told', href: '/me/notifications' },
  ],
  learner: [
    { id: 'courses', href: '/courses' },
    { id: 'own', href: '/learning' },
    { id: 'competencies', href: '/competencies' },
    { id: 'agenda', href: '/me/agenda' },
    { id: 'told', href: '/me/notifications' },
  ],
}

/** The steps of a role's tour, in order. */
export const stepsFor = (role: TourRole): readonly TourStep[] => steps[role]

/** The tours for what an actor is there for, the longest road first. Everybody learns. */
export function rolesOf({ grants }: Actor): TourRole[] {
  const held = new Set<string>(grants.map(({ role }) => role))
  return tourRoles.filter((role) => role === 'learner' || held.has(role))
}
