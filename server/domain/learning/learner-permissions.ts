import type { Permission } from '../people/access.js'
import { correctingPermission } from './corrections/permission.js'
import { writingPermission } from './messages/permission.js'
import { decideEnrolments, enrolOthers, readProgress, seeOverview } from './enrolment-subjects.js'

/** Who may know how far others have come, and let them into courses: over their units or their reports. */
export const learnerPermissions: readonly Permission[] = [
  {
    id: readProgress,
    roles: ['trainer', 'coordinator', 'administrator', 'coach', 'manager', 'self'],
  },
  { id: enrolOthers, roles: ['trainer', 'coordinator', 'administrator', 'manager'] },
  {
    id: decideEnrolments,
    roles: ['trainer', 'coordinator', 'administrator', 'manager'],
  },
  correctingPermission,
  writingPermission,
  { id: seeOverview, roles: ['coordinator', 'administrator', 'manager'] },
]
