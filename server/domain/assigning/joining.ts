import { earliest, latest } from '../../platform/clock.js'
import { onePer } from '../people/joining.js'
import { assignmentsMoved } from './counting.js'
import { ObligationModel, type Obligation } from './models.js'
import { obligationId } from './storing.js'

/** What one person owes of a course, whichever account was asked. It is worked out anew once the accounts are one. */
export const joinObligations = onePer(ObligationModel, {
  idFor: ({ course }, person) => obligationId(person, course),
  both: (kept, lost) => {
    const exemption = kept.exemption ?? lost.exemption
    const given = earliest([kept.given, lost.given])
    const completedAt = latest([kept.completedAt, lost.completedAt])
    return {
      sources: sourcesOf(kept, lost),
      ...(exemption && { exemption }),
      ...(given && { given }),
      ...(completedAt && { completedAt }),
    }
  },
  after: (_, moved) =>
    assignmentsMoved(moved.flatMap(({ sources }) => sources.map(({ assignment }) => assignment))),
})

/** Each assignment once, from the day on which it first reached one of the accounts. */
function sourcesOf(kept: Obligation, lost: Obligation): Obligation['sources'] {
  const byArrival = [...kept.sources, ...lost.sources].toSorted(
    (a, b) => Number(b.arrivedAt) - Number(a.arrivedAt),
  )
  return [...new Map(byArrival.map((source) => [source.assignment, source])).values()]
}
