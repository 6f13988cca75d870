import type { Environment } from '../storage/environment.js'
import type { IndexPlan, Plan } from './plan.js'

/** Below as many keys a plan is good enough. */
const FEW = 64
/** As many records are rather sorted than found one by one along the order wanted. */
const MOST_SORTED = 1024

/**
 * A plan is chosen by the form of a filter alone. Where indexes that begin with other fields bound it as well, and the plan
 * reads many keys, these are counted: one that reads far fewer is taken. Where the plan gives the order asked for, a reader
 * that wants a page stops early, so that the other has to be small.
 */
export function narrowest({ index }: Pick<Environment, 'index'>, plan: Plan): Plan {
  if (plan.kind !== 'index' || plan.others.length === 0) return plan
  const keys = ({ ranges }: IndexPlan): number =>
    ranges.reduce((all, { from, to }) => all + index.getKeysCount({ start: from, end: to }), 0)
  let best: IndexPlan = plan
  const own = keys(plan)
  let fewest = plan.isOrdering ? Math.min(MOST_SORTED, own / 4) : own / 2
  if (fewest <= FEW / 2) return plan
  for (const other of plan.others) {
    const found = keys(other)
    if (found < fewest) [best, fewest] = [other, found]
  }
  return best
}
