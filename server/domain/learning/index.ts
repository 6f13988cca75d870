import { definePlugin } from '../../kernel/contract.js'
import { activityRoutes, addingRoutes, arrangingRoutes } from './activity-routes.js'
import { learningChanges } from './changes.js'
import './contract.js'
import { catalogueRoutes, copyRoutes, courseRoutes } from './course-routes.js'
import {
  demoEnrolments,
  learnerData,
  learnerNav,
  learnerPanels,
  learnerPermissions,
  learnerRoutes,
  learningNotifications,
  learningSources,
} from './learner.js'
import { questionRoutes } from './questions/routes.js'
import { deliverMessage } from './messages/sending.js'
import { settleCourse } from './resettling.js'
import { learningRetention } from './retention.js'
import { searchCourses } from './searching.js'
import { demoCourses } from './seed.js'
import { peopleMoved } from './tallying.js'
import { tidyPackages } from './tidying.js'

/** Courses and their activities, packages, enrolments, attempts, progress, completions. */
export default definePlugin({
  id: 'learning',
  requires: ['people', 'organisation', 'competencies', 'notifications'],
  routes: [
    catalogueRoutes,
    courseRoutes,
    copyRoutes,
    addingRoutes,
    activityRoutes,
    arrangingRoutes,
    questionRoutes,
    ...learnerRoutes,
  ],
  on: { 'organisation:moved': ({ people }) => peopleMoved(people) },
  contributes: {
    permissions: [
      { id: 'learning:author', roles: ['trainer', 'administrator'] },
      ...learnerPermissions,
    ],
    nav: [
      { label: 'learning:catalogue.title', href: '/courses', icon: 'book', order: 10 },
      ...learnerNav,
    ],
    panels: learnerPanels,
    search: [searchCourses],
    personalData: [
      { model: 'learning.Course', path: 'trainers', onErasure: 'anonymise', onMerge: 'move' },
      { model: 'learning.PackageVersion', path: 'by', onErasure: 'anonymise', onMerge: 'keep' },
      ...learnerData,
    ],
    retention: learningRetention,
    notifications: learningNotifications,
    changes: learningChanges,
    evidence: learningSources,
    jobs: [tidyPackages, settleCourse, deliverMessage],
    seeds: [demoCourses, demoEnrolments],
  },
})
