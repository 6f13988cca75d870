import type { Id, NotificationKind } from '#core'

interface Asked {
  readonly enquiry: Id
  readonly name: string
}

/** Somebody of the unit needs help. */
export const asked: NotificationKind<Asked> = {
  id: 'contact:asked',
  mail: 'at-once',
  present: ({ enquiry, name }, t) => ({
    title: t('contact:asked.title', { name }),
    body: t('contact:asked.body'),
    href: `/contact/enquiries/${encodeURIComponent(enquiry)}`,
    icon: 'life-preserver',
  }),
}

interface Answered {
  readonly name: string
  readonly text: string
}

/** What one asked was answered. */
export const answered: NotificationKind<Answered> = {
  id: 'contact:answered',
  mail: 'at-once',
  present: ({ name, text }, t) => ({
    title: t('contact:answered.title', { name }),
    body: text,
    href: '/contact',
    icon: 'chat-left-text',
  }),
}
