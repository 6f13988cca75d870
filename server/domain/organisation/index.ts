import { definePlugin } from '../../kernel/contract.js'
import { grantsOf } from './scope.js'

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
    grants: [{ id: 'organisation:grants', grantsOf }],
  },
})
