import type { Course, Question } from '../course.js'
import { mixed, shareOf } from '../scoring.js'
import type { TestState } from '../state.js'

/** Draws a test: as many questions of each unit as the course says, mixed, never twice the same way. */
export function drawTest({ draw }: Course, bank: readonly Question[], seed: string): TestState {
  const drawn = Object.entries(draw).flatMap(([unit, wanted]) =>
    mixed(
      bank.filter((question) => question.unit === unit),
      seed + unit,
    ).slice(0, wanted),
  )
  const keys = mixed(drawn, seed).map(({ key }) => key)
  return { drawn: keys, given: new Map(), at: 0, done: false }
}

/** The drawn questions that the bank still holds. */
export function questionsOf({ drawn }: TestState, bank: readonly Question[]): Question[] {
  return drawn.flatMap((key) => bank.find((question) => question.key === key) ?? [])
}

/** Percentage of the points earned. */
export function scoreOf(
  questions: readonly Question[],
  given: ReadonlyMap<string, string>,
): number {
  const points = questions.reduce((sum, question) => sum + question.points, 0)
  const earned = questions.reduce(
    (sum, question) => sum + question.points * shareOf(question, given.get(question.key) ?? ''),
    0,
  )
  return points === 0 ? 0 : Math.round((earned / points) * 100)
}
