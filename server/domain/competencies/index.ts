import { definePlugin } from '../../kernel/contract.js'
import '../people/contract.js'
import { ownEvidence } from './changes.js'
import './contract.js'
import { draftRoutes, putRoutes, removeRoutes } from './drafting-routes.js'
import { startFrameworks } from './drafting.js'
import { frameworkRoutes, versionRoutes } from './framework-routes.js'
import { joinEvidence } from './joining.js'
import { expireLevels, startLevels } from './levels.js'
import { homePanel, profilePanel, unitPanel } from './panels.js'
import { standingRoutes } from './person-routes.js'
import { postPanel, postProfileRoutes } from './post-profile.js'
import { demoLevels } from './seed.js'
import { ownSources } from './sources.js'
import { levelChanged, tellLevelChanged } from './telling.js'
import { overviewRoutes } from './unit-routes.js'

/** Frameworks of competencies, evidence, the levels it supports, and the gaps to what posts require. */
export default definePlugin({
  id: 'competencies',
  requires: ['organisation', 'notifications'],
  routes: [
    frameworkRoutes,
    versionRoutes,
    draftRoutes,
    putRoutes,
    removeRoutes,
    standingRoutes,
    overviewRoutes,
    postProfileRoutes,
  ],
  on: { 'competencies:level-changed': tellLevelChanged },
  contributes: {
    permissions: [
      {
        id: 'competencies:read-levels',
        roles: ['coordinator', 'administrator', 'evaluator', 'coach', 'manager', 'self'],
      },
      { id: 'competencies:rate-oneself', roles: ['self'] },
      { id: 'competencies:appraise', roles: ['manager', 'coordinator'] },
      { id: 'competencies:manage', roles: ['administrator'] },
    ],
    evidence: ownSources,
    personalData: [
      {
        model: 'competencies.Evidence',
        path: 'person',
        onErasure: 'delete',
        onMerge: joinEvidence,
      },
      {
        model: 'competencies.Evidence',
        path: 'by',
        onErasure: 'anonymise',
        onMerge: 'keep',
        others: true,
      },
      { model: 'competencies.Level', path: 'person', onErasure: 'delete', onMerge: 'follow' },
    ],
    nav: [{ label: 'competencies:nav', href: '/competencies', icon: 'bar-chart-steps', order: 40 }],
    panels: [homePanel, profilePanel, unitPanel, postPanel],
    notifications: [levelChanged],
    changes: [ownEvidence],
    jobs: [expireLevels],
    seeds: [demoLevels],
  },
  start() {
    startFrameworks()
    startLevels()
  },
})
