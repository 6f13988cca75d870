import type { Question } from '../course.js'
import type { Session } from '../session.js'

/** What a learner answers a question with. Responses are as `state.ts` keeps them. */
export interface Control {
  readonly element: HTMLElement
  /** The answer as it stands; empty while there is none. */
  response(): string
  lock(locked: boolean): void
}

export interface ControlNeeds {
  readonly session: Session
  readonly question: Question
  /** Id of the element that asks the question. */
  readonly promptId: string
  /** What was answered before, or nothing. */
  readonly response: string
  /** Mixes the answers; the same seed, the same order. */
  readonly seed: string
  changed(): void
}
