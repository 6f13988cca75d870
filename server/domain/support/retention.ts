import type { Contributions } from '../../kernel/contract.js'

/** What has ended. The audit log keeps its lines. */
export const endedViews: Contributions['retention'] = {
  id: 'support:views',
  label: 'support:retention.views',
  model: 'support.View',
  of: 'people',
  defaultMonths: 24,
  minMonths: 6,
  due: ({ before, owners }) => ({
    person: { $in: owners },
    endedAt: { $lt: before },
    owed: null,
  }),
}
