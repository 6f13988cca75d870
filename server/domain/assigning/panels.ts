import type { Panel } from '../../http/shell.js'
import type { Id } from '../../kernel/contract.js'
import { ObligationModel, type Obligation } from './models.js'
import { obligationLines } from './obligations.js'
import { assign } from './subjects.js'

const shownAtMost = 50

/** The ways to what is assigned to a unit, on the unit's page. */
export const unitPanel: Panel = {
  place: 'organisation:unit',
  view: 'assigning:unit-links',
  needs: assign,
  order: 30,
  load: ({ subject }) => Promise.resolve({ unit: (subject as { _id: Id })._id }),
}

/** What somebody is to complete, on that person's page. */
export const profilePanel: Panel = {
  place: 'people:profile',
  view: 'assigning:profile',
  needs: assign,
  order: 25,
  load: async ({ actor, subject }) => {
    const { _id: person } = subject as { _id: Id }
    const found = await ObligationModel.find({ person, status: { $ne: 'lifted' } })
      .limit(shownAtMost)
      .lean<Obligation[]>()
    return { person, items: await obligationLines(actor, found) }
  },
}
