import { formatFor } from '../../http/format.js'
import type { NotificationKind } from '../notifications/contract.js'

interface Viewed {
  readonly by: string
  readonly reason: string
  readonly from: Date
  readonly until: Date
  readonly timeZone: string
}

/** Somebody looks at Palier as this person does. */
export const viewed: NotificationKind<Viewed> = {
  id: 'support:viewed',
  mail: 'at-once',
  always: true,
  present: ({ by, reason, from, until, timeZone }, t, language) => {
    const format = formatFor(language, timeZone)
    const times = { from: format.dateTime(from), until: format.dateTime(until) }
    return {
      title: t('support:viewed.title', { by }),
      body: t('support:viewed.body', { reason, ...times }),
      href: '/me/support',
      icon: 'eye',
    }
  },
}
