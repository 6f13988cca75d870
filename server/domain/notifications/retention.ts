import type { Contributions } from '../../kernel/contract.js'

/** What was read. What was not waits for its reader. */
export const readNotifications: Contributions['retention'] = {
  id: 'notifications:read',
  label: 'notifications:retention.read',
  model: 'notifications.Notification',
  of: 'people',
  defaultMonths: 12,
  minMonths: 1,
  due: ({ before, owners }) => ({
    person: { $in: owners },
    at: { $lt: before },
    unread: null,
    digest: null,
    owed: null,
  }),
}
