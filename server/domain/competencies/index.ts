import { definePlugin } from '../../kernel/contract.js'
import '../people/contract.js'
import './contract.js'
import { expireLevels, startLevels } from './levels.js'
import { homePanel, profilePanel, unitPanel } from './panels.js'
import { standingRoutes } from './person-routes.js'
import { demoLevels } from './seed.js'
import { levelChanged, tellLevelChanged } from './telling.js'
import { overviewRoutes } from './unit-routes.js'

/** Frameworks of competencies, evidence, the levels it supports, and the gaps to what posts require. */
export default definePlugin({
  id: 'competencies',
  requires: ['organisation', 'notifications'],
  routes: [standingRoutes, overviewRoutes],
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
    evidence: [
      { id: 'competencies:self-rating', kind: 'self', label: 'competencies:sources.self-rating' },
      { id: 'competencies:appraisal', kind: 'appraisal', label: 'competencies:sources.appraisal' },
      {
        id: 'competencies:prior-learning',
        kind: 'measurement',
        label: 'competencies:sources.prior-learning',
      },
    ],
    personalData: [
      { model: 'competencies.Evidence', path: 'person', onErasure: 'delete' },
      { model: 'competencies.Evidence', path: 'by', onErasure: 'anonymise' },
      { model: 'competencies.Level', path: 'person', onErasure: 'delete' },
    ],
    panels: [homePanel, profilePanel, unitPanel],
    notifications: [levelChanged],
    jobs: [expireLevels],
    seeds: [demoLevels],
  },
  start: startLevels,
})
