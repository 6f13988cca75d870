import type { NotificationKind } from '../notifications/contract.js'

/** Another account of the person is one with this one. */
export const merged: NotificationKind<{ readonly account: string }> = {
  id: 'merging:merged',
  mail: 'at-once',
  present: ({ account }, t) => ({
    title: t('merging:merged.title'),
    body: account ? t('merging:merged.body', { account }) : t('merging:merged.body-plain'),
    href: '/me',
    icon: 'people',
  }),
}
