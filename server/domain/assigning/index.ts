import { definePlugin } from '../../kernel/contract.js'
import '../learning/contract.js'
import '../organisation/contract.js'
import './applying.js'
import {
  assignmentRoutes,
  personAssignmentRoutes,
  repeatedAssignmentRoutes,
  unitAssignmentRoutes,
} from './assignment-routes.js'
import { followAssignment, followEverybody, followPeople, wakeObligations } from './following.js'
import { joinObligations } from './joining.js'
import { assigningNotifications } from './notifying.js'
import { lateRoutes, obligationRoutes } from './obligation-routes.js'
import { coursePanel, profilePanel, teamPanel, unitPanel } from './panels.js'
import { sendReminders } from './reminding.js'
import { demoAssignments } from './seed.js'
import { assign, lead } from './subjects.js'
import { absenceRoutes, teamRoutes } from './team-routes.js'

/** Courses that people are to complete by a date: assignments, and what each person owes because of them. */
export default definePlugin({
  id: 'assigning',
  requires: ['people', 'organisation', 'competencies', 'learning', 'notifications'],
  routes: [
    unitAssignmentRoutes,
    personAssignmentRoutes,
    assignmentRoutes,
    repeatedAssignmentRoutes,
    obligationRoutes,
    lateRoutes,
    teamRoutes,
    absenceRoutes,
  ],
  on: {
    'organisation:moved': ({ people }) => followPeople(people),
    'learning:enrolled': ({ person }) => followPeople([person]),
    'learning:completed': ({ person }) => followPeople([person]),
  },
  contributes: {
    permissions: [
      { id: assign, roles: ['coordinator', 'administrator', 'manager'] },
      { id: lead, roles: ['manager'] },
    ],
    nav: [
      {
        label: 'assigning:team.title',
        href: '/team',
        icon: 'people-fill',
        needs: lead,
        order: 98,
      },
      {
        label: 'assigning:assignments.title',
        href: '/assignments',
        icon: 'calendar-check',
        needs: assign,
        order: 103,
      },
    ],
    panels: [teamPanel, unitPanel, profilePanel, coursePanel],
    personalData: [
      { model: 'assigning.Assignment', path: 'by', onErasure: 'anonymise', onMerge: 'move' },
      {
        model: 'assigning.Assignment',
        path: 'actedFor',
        onErasure: 'anonymise',
        onMerge: 'keep',
        others: true,
      },
      {
        model: 'assigning.Assignment',
        path: 'audience.people',
        onErasure: 'anonymise',
        onMerge: 'move',
        others: true,
      },
      {
        model: 'assigning.Obligation',
        path: 'person',
        onErasure: 'delete',
        onMerge: joinObligations,
      },
      {
        model: 'assigning.Obligation',
        path: 'exemption.by',
        onErasure: 'anonymise',
        onMerge: 'keep',
        others: true,
      },
      {
        model: 'assigning.Obligation',
        path: 'manager',
        onErasure: 'anonymise',
        onMerge: 'move',
        others: true,
      },
    ],
    notifications: assigningNotifications,
    jobs: [followAssignment, followEverybody, wakeObligations, sendReminders],
    seeds: [demoAssignments],
  },
})
