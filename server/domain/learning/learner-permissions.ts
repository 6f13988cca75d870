import type { Permission } from '../people/access.js'

/** Who may know how far others have come, and let them into courses: over their units or their reports. */
export const learnerPermissions: readonly Permission[] = [
  {
    id: 'learning:read-progress',
    roles: ['trainer', 'coordinator', 'administrator', 'coach', 'manager', 'self'],
  },
  { id: 'learning:enrol-others', roles: ['trainer', 'coordinator', 'administrator', 'manager'] },
  {
    id: 'learning:decide-enrolments',
    roles: ['trainer', 'coordinator', 'administrator', 'manager'],
  },
  { id: 'learning:see-overview', roles: ['coordinator', 'administrator', 'manager'] },
]
