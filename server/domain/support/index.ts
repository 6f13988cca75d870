import { definePlugin } from '../../kernel/contract.js'
import '../notifications/contract.js'
import '../people/contract.js'
import '../privacy/contract.js'
import { viewAs } from './fitness.js'
import { viewed } from './notifying.js'
import { viewPanel } from './panel.js'
import { endedViews } from './retention.js'
import { ownViewRoutes, supportRoutes } from './routes.js'
import { endDueViews, endsWithSessions } from './viewing.js'

/** Looking at Palier as a person does, to help on the phone: the person is told, and nothing is changed. */
export default definePlugin({
  id: 'support',
  requires: ['people', 'organisation', 'privacy', 'notifications'],
  routes: [supportRoutes, ownViewRoutes],
  contributes: {
    permissions: [{ id: viewAs, roles: ['administrator'] }],
    panels: [viewPanel],
    jobs: [endDueViews],
    notifications: [viewed],
    sessionEnds: [endsWithSessions],
    retention: [endedViews],
    personalData: [
      {
        model: 'support.View',
        path: 'person',
        onErasure: 'delete',
        onMerge: 'move',
        secret: ['session', 'words'],
      },
      {
        model: 'support.View',
        path: 'by',
        onErasure: 'keep',
        onMerge: 'keep',
        reason: 'accountability',
        others: true,
      },
    ],
  },
})
