import type { Answer } from '../contract.js'
import type { Attempt } from '../models.js'
import type { AnswerSheet, KeptAnswer, Question } from './models.js'

/** Questions of one sheet; SCORM's own minimum is 250. */
const mostQuestions = 500
const mostParts = 36
/** Characters of a part and of an answer in words that are kept; what is longer is somebody's own writing. */
const longestPart = 120
const longestText = 500

/**
 * A sheet with what an attempt reports. The first answer to each question stays: a later one adds only what the same
 * answer left out, as a result that came after it. Of two attempts the earlier counts, in whatever order they report.
 */
export function withAnswers(
  before: AnswerSheet | null,
  attempt: Attempt & { readonly version: string },
  answers: readonly Answer[],
): AnswerSheet {
  if (before && isEarlier(before, attempt)) return before
  const kept = before?.attempt === attempt._id ? before.answers : []
  const merged = mergedAnswers(kept, answers.map(keptOf))
  if (before && same(before.answers, merged)) return before
  const { _id, person, version, cycle, number } = attempt
  return {
    _id: `${person}|${version}`,
    ...{ person, version, cycle, number, attempt: _id },
    revision: (before?.revision ?? 0) + 1,
    answers: merged,
  }
}

/** The questions that answers were given to, as a version keeps them. */
export const questionsIn = (version: string, answers: readonly Answer[]): Question[] =>
  answers.map(({ question, kind, text, part, right }, place) => ({
    _id: `${version}|${named(question)}`,
    ...{ version, place, kind, question: named(question) },
    text: text.slice(0, longestText),
    ...(part && { part: part.slice(0, longestText) }),
    right: [...new Set(right.flatMap((one) => partsOf({ kind, given: one })))].slice(0, mostParts),
  }))

/** What an answer is counted by: each option or pair by itself, an order as a whole, no longer text at all. */
export function partsOf({ kind, given }: Pick<Answer, 'kind' | 'given'>): string[] {
  if (kind === 'long-fill-in' || kind === 'other') return []
  if (kind === 'fill-in' && given.some((words) => words.length > longestPart)) return []
  const parts = kind === 'sequencing' ? [given.join(' → ')] : given
  return [...new Set(parts.map((part) => part.trim().slice(0, longestPart)))]
    .filter((part) => part !== '')
    .slice(0, mostParts)
}

const named = (question: string): string => question.slice(0, 250)

const isEarlier = (sheet: AnswerSheet, attempt: Attempt): boolean =>
  sheet.attempt !== attempt._id &&
  (sheet.cycle - attempt.cycle || sheet.number - attempt.number) < 0

const keptOf = (answer: Answer): KeptAnswer => ({
  question: named(answer.question),
  parts: partsOf(answer),
  ...(answer.share !== undefined && { share: Math.min(1, Math.max(0, answer.share)) }),
  ...(answer.seconds !== undefined && { seconds: answer.seconds }),
})

function mergedAnswers(kept: readonly KeptAnswer[], given: readonly KeptAnswer[]): KeptAnswer[] {
  const merged = new Map(kept.map((answer) => [answer.question, answer]))
  for (const answer of given) {
    const first = merged.get(answer.question)
    if (!first) merged.set(answer.question, answer)
    else if (same(first.parts, answer.parts)) merged.set(answer.question, { ...answer, ...first })
  }
  return [...merged.values()].slice(0, mostQuestions)
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)
