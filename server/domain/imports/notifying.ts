import type { Id } from '../../kernel/contract.js'
import type { NotificationKind } from '../notifications/contract.js'

/** A long import is over: whoever applied it may have gone on to other pages. */
export const importApplied: NotificationKind<{
  readonly import: Id
  readonly file: string
  readonly refused: number
}> = {
  id: 'imports:applied',
  mail: 'never',
  present: (data, t) => ({
    title: t('imports:notifications.applied-title', { file: data.file }),
    body: t('imports:notifications.applied-body', { refused: data.refused }),
    href: `/imports/${data.import}`,
    icon: 'file-earmark-check',
  }),
}
