import { definePlugin } from '../../kernel/contract.js'
import '../organisation/contract.js'
import '../people/contract.js'
import { eraseePanel } from './panel.js'
import { erase } from './erasing.js'
import { erasureRoutes, ownDataRoutes } from './routes.js'

/** What a person may ask of us: a copy of all that is kept about them, and to be forgotten where the law lets us. */
export default definePlugin({
  id: 'privacy',
  requires: ['people', 'organisation'],
  routes: [ownDataRoutes, erasureRoutes],
  contributes: {
    permissions: [{ id: erase, roles: ['administrator'] }],
    panels: [eraseePanel],
    personalData: [
      {
        model: 'privacy.Erasure',
        path: 'person',
        onErasure: 'keep',
        onMerge: 'keep',
        reason: 'accountability',
      },
      {
        model: 'privacy.Erasure',
        path: 'by',
        onErasure: 'keep',
        onMerge: 'keep',
        reason: 'accountability',
      },
    ],
  },
})
