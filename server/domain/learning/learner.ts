import type { NavEntry } from '../../http/shell.js'
import type { EvidenceKind } from '../competencies/contract.js'
import type { PersonalData } from '../people/contract.js'
import { agendaRoutes, calendarRoutes } from './agenda/routes.js'
import './attempt-steps.js'
import { consentRoutes } from './consents/routes.js'
import { correctionRoutes } from './corrections/routes.js'
import { enrollingRoutes, enrolmentRoutes } from './enrolment-routes.js'
import './enrolment-steps.js'
import { nextPanel, requestsPanel, teamPanel } from './home-panels.js'
import { joinEnrolments, joinSheets } from './joining.js'
import { learnRoutes } from './learn-routes.js'
import { messageRoutes } from './messages/routes.js'
import { courseProgressRoutes, myLearningRoutes, overviewRoutes } from './progress-routes.js'

export { demoEnrolments } from './enrolment-seed.js'
export { learnerPermissions } from './learner-permissions.js'
export { learningNotifications } from './notifying.js'

/** Taking part and overseeing who does. */
export const learnerRoutes = [
  enrollingRoutes,
  enrolmentRoutes,
  correctionRoutes,
  messageRoutes,
  learnRoutes,
  myLearningRoutes,
  courseProgressRoutes,
  overviewRoutes,
  agendaRoutes,
  calendarRoutes,
  consentRoutes,
]

export const learnerPanels = [nextPanel, requestsPanel, teamPanel]

export const learnerNav: readonly NavEntry[] = [
  { label: 'learning:my.title', href: '/learning', icon: 'journal-check', order: 5 },
  {
    label: 'learning:overview.nav',
    href: '/progress',
    icon: 'graph-up',
    needs: 'learning:see-overview',
    order: 105,
  },
]

/** What somebody did belongs to them, and goes with them. */
export const learnerData: readonly PersonalData[] = [
  { model: 'learning.Enrolment', path: 'person', onErasure: 'delete', onMerge: joinEnrolments },
  {
    model: 'learning.Enrolment',
    path: 'enrolledBy',
    onErasure: 'anonymise',
    onMerge: 'keep',
    others: true,
  },
  {
    model: 'learning.Enrolment',
    path: 'enrolledFor',
    onErasure: 'anonymise',
    onMerge: 'keep',
    others: true,
  },
  {
    model: 'learning.Enrolment',
    path: 'decidedBy',
    onErasure: 'anonymise',
    onMerge: 'keep',
    others: true,
  },
  {
    model: 'learning.Enrolment',
    path: 'decidedFor',
    onErasure: 'anonymise',
    onMerge: 'keep',
    others: true,
  },
  { model: 'learning.Attempt', path: 'person', onErasure: 'delete', onMerge: 'follow' },
  { model: 'learning.AnswerSheet', path: 'person', onErasure: 'delete', onMerge: joinSheets },
  {
    model: 'learning.Attempt',
    path: 'given.by',
    onErasure: 'anonymise',
    onMerge: 'keep',
    others: true,
  },
  {
    model: 'learning.Consent',
    path: 'person',
    onErasure: 'delete',
    onMerge: 'move',
    secret: ['words'],
  },
  { model: 'learning.Agenda', path: '_id', onErasure: 'delete', onMerge: 'drop' },
  { model: 'learning.Completion', path: 'person', onErasure: 'delete', onMerge: 'follow' },
  { model: 'learning.Correction', path: 'person', onErasure: 'delete', onMerge: 'move' },
  {
    model: 'learning.Correction',
    path: 'by',
    onErasure: 'anonymise',
    onMerge: 'keep',
    others: true,
  },
  { model: 'learning.Message', path: 'by', onErasure: 'anonymise', onMerge: 'move' },
]

/** What of courses supports a level. */
export const learningSources: readonly EvidenceKind[] = [
  { id: 'learning:completion', kind: 'measurement', label: 'learning:evidence.completion' },
  { id: 'learning:correction', kind: 'measurement', label: 'learning:evidence.correction' },
]
