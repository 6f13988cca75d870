import { definePlugin } from '../../kernel/contract.js'
import '../organisation/contract.js'
import '../people/contract.js'
import './contract.js'
import { eraseePanel } from './panel.js'
import { erase } from './erasing.js'
import { leavers } from './retention/leavers.js'
import { removeOld } from './retention/removing.js'
import { retentionRoutes } from './retention/routes.js'
import { setRetention } from './retention/rules.js'
import { erasureRoutes, ownDataRoutes } from './routes.js'

/** What a person may ask of us: a copy of all that is kept about them, and to be forgotten where the law lets us; how long what is kept. */
export default definePlugin({
  id: 'privacy',
  requires: ['people', 'organisation'],
  routes: [ownDataRoutes, erasureRoutes, retentionRoutes],
  contributes: {
    permissions: [
      { id: erase, roles: ['administrator'] },
      { id: setRetention, roles: ['administrator'] },
    ],
    nav: [
      {
        label: 'privacy:retention.title',
        href: '/admin/retention',
        icon: 'hourglass-split',
        needs: setRetention,
        order: 212,
        group: 'admin',
      },
    ],
    jobs: [removeOld],
    retention: [
      leavers,
      { id: 'privacy:erasures', label: 'privacy:retention.erasures', lasting: true },
    ],
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
