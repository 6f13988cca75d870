import type { Id } from '../../kernel/contract.js'
import type { Translate } from '../../platform/i18n.js'
import type { NotificationKind } from '../notifications/contract.js'

interface AboutCourse {
  readonly course: Id
  readonly title: string
}

interface ByName extends AboutCourse {
  /** As they were called then. */
  readonly name: string
}

/** Who did it, and for which line manager as a deputy. */
interface ByDoer extends ByName {
  readonly actedFor?: string | null
}

/** The institutions, by name, that see somebody who was enrolled without being asked. */
export interface SeenElsewhere {
  readonly seenBy?: readonly string[]
}

/** What is said of it; nothing where nobody else sees anything. */
export const seenText = ({ seenBy = [] }: SeenElsewhere, t: Translate): string =>
  seenBy.length > 0 ? t('learning:consents.told', { institutions: seenBy.join(', ') }) : ''

const doerText = ({ name, actedFor }: Pick<ByDoer, 'name' | 'actedFor'>, t: Translate): string =>
  actedFor ? t('learning:acted-for', { name, manager: actedFor }) : name

const pageOf = (course: Id): string => `/courses/${encodeURIComponent(course)}`

/** Somebody else has enrolled the person. */
export const enrolledByOther: NotificationKind<ByDoer & SeenElsewhere> = {
  id: 'learning:enrolled',
  mail: 'at-once',
  present: ({ course, title, ...doer }, t) => ({
    title: t('learning:enrolled.title', { title }),
    body: [t('learning:enrolled.body', { name: doerText(doer, t) }), seenText(doer, t)]
      .filter(Boolean)
      .join(' '),
    href: pageOf(course),
    icon: 'book',
  }),
}

/** Somebody asks to be let into a course. */
export const requested: NotificationKind<ByName> = {
  id: 'learning:requested',
  mail: 'at-once',
  present: ({ course, title, name }, t) => ({
    title: t('learning:requested.title', { title, name }),
    body: t('learning:requested.body'),
    href: `${pageOf(course)}/participants?status=requested`,
    icon: 'person-plus',
  }),
}

/** The request was approved. */
export const approved: NotificationKind<AboutCourse> = {
  id: 'learning:approved',
  mail: 'at-once',
  present: ({ course, title }, t) => ({
    title: t('learning:approved.title', { title }),
    body: t('learning:approved.body'),
    href: pageOf(course),
    icon: 'check-circle',
  }),
}

/** The request was refused. */
export const refused: NotificationKind<ByDoer> = {
  id: 'learning:refused',
  mail: 'at-once',
  present: ({ course, title, ...doer }, t) => ({
    title: t('learning:refused.title', { title }),
    body: t('learning:refused.body', { name: doerText(doer, t) }),
    href: pageOf(course),
    icon: 'x-circle',
  }),
}

/** The person has completed a course. */
export const completed: NotificationKind<AboutCourse> = {
  id: 'learning:completed',
  mail: 'digest',
  present: ({ course, title }, t) => ({
    title: t('learning:completed.title', { title }),
    body: t('learning:completed.body'),
    href: `${pageOf(course)}/progress`,
    icon: 'trophy',
  }),
}

interface Corrected extends ByName {
  readonly counts: boolean
  readonly reason: string
}

/** Somebody with reach over it said that a completion counts otherwise, or not at all. */
export const corrected: NotificationKind<Corrected> = {
  id: 'learning:corrected',
  mail: 'at-once',
  present: ({ course, title, name, counts, reason }, t) => ({
    title: t(counts ? 'learning:corrected.title' : 'learning:corrected.title-withdrawn', { title }),
    body: t('learning:corrected.body', { name, reason }),
    href: `${pageOf(course)}/progress`,
    icon: 'pencil-square',
  }),
}

/** The package they were in the middle of was replaced, and everyone begins it anew. */
export const restarted: NotificationKind<AboutCourse> = {
  id: 'learning:restarted',
  mail: 'at-once',
  present: ({ course, title }, t) => ({
    title: t('learning:restarted.title', { title }),
    body: t('learning:restarted.body'),
    href: pageOf(course),
    icon: 'arrow-repeat',
  }),
}

interface AnotherAttempt extends ByName {
  readonly activity: Id
  readonly reason: string
}

/** They may go through a step once more. */
export const anotherAttempt: NotificationKind<AnotherAttempt> = {
  id: 'learning:another-attempt',
  mail: 'at-once',
  present: ({ activity, title, name, reason }, t) => ({
    title: t('learning:another-attempt.title', { title }),
    body: t('learning:another-attempt.body', { name, reason }),
    href: `/learn/${encodeURIComponent(activity)}`,
    icon: 'arrow-counterclockwise',
  }),
}

interface Written extends ByName {
  readonly subject: string
  readonly text: string
}

/** Somebody who follows the course writes to those who take part. */
export const written: NotificationKind<Written> = {
  id: 'learning:written',
  mail: 'at-once',
  present: ({ course, title, subject, text, name }, t) => ({
    title: t('learning:written.title', { subject, title }),
    body: t('learning:written.body', { text, name }),
    href: pageOf(course),
    icon: 'envelope',
  }),
}

/** Everything people are told of courses. */
export const learningNotifications: readonly NotificationKind<never>[] = [
  enrolledByOther,
  requested,
  approved,
  refused,
  completed,
  restarted,
  anotherAttempt,
  corrected,
  written,
] as const
