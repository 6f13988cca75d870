import type { Id } from '../../kernel/contract.js'
import type { Translate } from '../../platform/i18n.js'
import { formatFor } from '../../http/format.js'
import type { NotificationKind } from '../notifications/contract.js'
import { seenText, type SeenElsewhere } from '../learning/notifying.js'
import type { Doer } from './naming.js'

interface AboutCourse {
  readonly course: Id
  readonly title: string
}

interface Assigned extends AboutCourse, Doer, SeenElsewhere {
  readonly due: string | null
  /** Taken before, and now again. */
  readonly again: boolean
}

interface Exempted extends AboutCourse, Doer {
  readonly reason: string
}

const pageOf = (course: Id): string => `/courses/${encodeURIComponent(course)}`

/** A name, and for whom a deputy acted. */
export const doerText = ({ name, actedFor }: Doer, t: Translate): string =>
  actedFor ? t('assigning:acted-for', { name, manager: actedFor }) : name

/** A course was assigned to the person, or is due again. */
export const assigned: NotificationKind<Assigned> = {
  id: 'assigning:assigned',
  mail: 'at-once',
  present: ({ course, title, due, again, ...doer }, t, language) => ({
    title: t(again ? 'assigning:assigned.again' : 'assigning:assigned.title', { title }),
    body: [
      t(due ? 'assigning:assigned.due' : 'assigning:assigned.body', {
        name: doerText(doer, t),
        at: due ? formatFor(language).date(due) : '',
      }),
      seenText(doer, t),
    ]
      .filter(Boolean)
      .join(' '),
    href: pageOf(course),
    icon: 'calendar-check',
  }),
}

/** The person need not complete a course any more. */
export const exempted: NotificationKind<Exempted> = {
  id: 'assigning:exempted',
  mail: 'digest',
  present: ({ course, title, reason, ...doer }, t) => ({
    title: t('assigning:exempted.title', { title }),
    body: t('assigning:exempted.body', { name: doerText(doer, t), reason }),
    href: pageOf(course),
    icon: 'calendar-x',
  }),
}

interface Reminded extends AboutCourse {
  readonly due: string | null
}

/** A course is due soon, or late. */
export const reminder: NotificationKind<Reminded & { readonly late: boolean }> = {
  id: 'assigning:reminder',
  mail: 'at-once',
  present: ({ course, title, due, late }, t, language) => ({
    title: t(late ? 'assigning:reminder.late' : 'assigning:reminder.soon', { title }),
    body: t(late ? 'assigning:reminder.late-body' : 'assigning:reminder.soon-body', {
      at: due ? formatFor(language).date(due) : '',
    }),
    href: pageOf(course),
    icon: 'alarm',
  }),
}

/** Somebody wants the person reminded. */
export const askedReminder: NotificationKind<Reminded & Doer> = {
  id: 'assigning:asked',
  mail: 'at-once',
  present: ({ course, title, due, ...doer }, t, language) => ({
    title: t('assigning:asked.title', { title }),
    body: t(due ? 'assigning:asked.due' : 'assigning:asked.body', {
      name: doerText(doer, t),
      at: due ? formatFor(language).date(due) : '',
    }),
    href: pageOf(course),
    icon: 'alarm',
  }),
}

/** Everything people are told of what is assigned. */
export const assigningNotifications: readonly NotificationKind<never>[] = [
  assigned,
  exempted,
  reminder,
  askedReminder,
] as const
