import type { Permission } from '../../people/access.js'

/** To say that a completion counts otherwise: those who teach the course, or answer for the unit. */
export const correctCompletions = 'learning:correct-completions'

export const correctingPermission: Permission = {
  id: correctCompletions,
  roles: ['trainer', 'coordinator', 'administrator'],
}
