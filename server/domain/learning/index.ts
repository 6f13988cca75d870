import { definePlugin } from '../../kernel/contract.js'
import { activityRoutes, addingRoutes, arrangingRoutes } from './activity-routes.js'
import './contract.js'
import { catalogueRoutes, courseRoutes } from './course-routes.js'
import { enrollingRoutes, enrolmentRoutes } from './enrolment-routes.js'
import './enrolment-steps.js'
import { learnRoutes } from './learn-routes.js'
import { learnerPermissions } from './learner-permissions.js'
import { learningNotifications } from './notifying.js'
import { demoCourses } from './seed.js'
import { tidyPackages } from './tidying.js'

/** Courses and their activities, packages, enrolments, attempts, progress, completions. */
export default definePlugin({
  id: 'learning',
  requires: ['people', 'organisation', 'competencies', 'notifications'],
  routes: [
    catalogueRoutes,
    courseRoutes,
    addingRoutes,
    activityRoutes,
    arrangingRoutes,
    enrollingRoutes,
    enrolmentRoutes,
    learnRoutes,
  ],
  contributes: {
    permissions: [
      { id: 'learning:author', roles: ['trainer', 'administrator'] },
      ...learnerPermissions,
    ],
    nav: [{ label: 'learning:catalogue.title', href: '/courses', icon: 'book', order: 10 }],
    personalData: [
      { model: 'learning.Course', path: 'trainers', onErasure: 'anonymise' },
      { model: 'learning.PackageVersion', path: 'by', onErasure: 'anonymise' },
      { model: 'learning.Enrolment', path: 'person', onErasure: 'delete' },
      { model: 'learning.Attempt', path: 'person', onErasure: 'delete' },
      { model: 'learning.Completion', path: 'person', onErasure: 'delete' },
    ],
    notifications: learningNotifications,
    jobs: [tidyPackages],
    seeds: [demoCourses],
  },
})
