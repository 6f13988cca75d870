import type { Retention } from '#core'

/** What was answered. What was not waits for its answer. */
export const answeredEnquiries: Retention = {
  id: 'contact:enquiries',
  label: 'contact:retention.enquiries',
  model: 'contact.Enquiry',
  of: 'people',
  defaultMonths: 24,
  minMonths: 1,
  due: ({ before, owners }) => ({
    person: { $in: owners },
    status: 'answered',
    'answer.at': { $lt: before },
    owed: null,
  }),
}
