import { definePlugin } from '../../kernel/contract.js'
import { followDates, placeEverybody } from './placing.js'
import { grantsOf } from './scope.js'
import { demoInstitution } from './seed.js'

/** Institutions, units, posts with history, lines of report, scope, and the directory of people. */
export default definePlugin({
  id: 'organisation',
  requires: ['people'],
  contributes: {
    permissions: [
      {
        id: 'organisation:read-people',
        roles: ['coordinator', 'administrator', 'manager', 'self'],
      },
      { id: 'organisation:list-people', roles: ['coordinator', 'administrator', 'manager'] },
      { id: 'organisation:manage-people', roles: ['coordinator', 'administrator'] },
      { id: 'organisation:manage-units', roles: ['administrator'] },
      { id: 'organisation:manage-posts', roles: ['coordinator', 'administrator'] },
      { id: 'organisation:grant-roles', roles: ['administrator'] },
    ],
    jobs: [followDates, placeEverybody],
    seeds: [demoInstitution],
    grants: [{ id: 'organisation:grants', grantsOf }],
  },
})
