import { hasAnswers } from './answers.js'
import { applied, changeOf, isHeartbeat, type Change, type Circumstances } from './applying.js'
import { decide, type Decision } from './decisions.js'
import { gapsIn, parse, type ElementProblem } from './elements.js'
import { owing } from './opening.js'
import type { Commit, Runtime, Scos } from './runtime.js'

/** What a commit came to: the decision, and where it was applied, the runtime to store in place of the one read. */
export type Receipt =
  | Exclude<Decision, { kind: 'apply' }>
  | { readonly kind: 'malformed'; readonly problems: readonly ElementProblem[] }
  | { readonly kind: 'too-large' }
  | {
      readonly kind: 'applied'
      readonly runtime: Runtime
      readonly change: Change
    }

/** Characters kept for one attempt, all its items together: well below what one document of the store holds. */
export const largestState = 4_000_000

export const stateSize = (scos: Scos): number =>
  Object.values(scos).reduce((sum, { cmi }) => sum + cmi.length, 0)

/** Decides on a commit and, where it is to be applied, works out the state after it. Pure. */
export function receive(runtime: Runtime, commit: Commit, circumstances: Circumstances): Receipt {
  const decision = decide(runtime, commit)
  if (decision.kind !== 'apply') return decision

  const problems = gapsIn(parse(runtime.scos[commit.sco]?.cmi), commit.values)
  if (problems.length > 0) return { kind: 'malformed', problems }

  const change = changeOf(runtime, { launch: decision.launch, commit }, circumstances)
  const next = applied(runtime, { sco: commit.sco, change, at: circumstances.at })
  if (stateSize(next.scos) > largestState) return { kind: 'too-large' }
  if (isHeartbeat(commit)) return { kind: 'applied', runtime: next, change }
  const steps = hasAnswers(commit.values) ? ['progress', 'answers'] : ['progress']
  return { kind: 'applied', runtime: { ...next, owed: owing(next, ...steps) }, change }
}
