import { definePlugin } from '../../kernel/contract.js'
import { activityRoutes } from './activity-routes.js'
import './contract.js'
import { courseRoutes } from './course-routes.js'

/** Courses and their activities, packages, enrolments, attempts, progress, completions. */
export default definePlugin({
  id: 'learning',
  requires: ['people', 'organisation', 'notifications'],
  enhances: ['competencies'],
  routes: [courseRoutes, activityRoutes],
  contributes: {
    permissions: [{ id: 'learning:author', roles: ['trainer', 'administrator'] }],
    nav: [{ label: 'learning:catalogue.title', href: '/courses', icon: 'book', order: 10 }],
    personalData: [
      { model: 'learning.Course', path: 'trainers', onErasure: 'anonymise' },
      { model: 'learning.PackageVersion', path: 'by', onErasure: 'anonymise' },
    ],
    jobs: [],
    seeds: [],
  },
})
