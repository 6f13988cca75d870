import type { Answer } from '#core'
import type { ScormItem, Standard } from '../contract.js'
import { partsOf, textOf } from './responses.js'
import { secondsOf } from './durations.js'
import { parse, type Elements } from './elements.js'
import type { Runtime } from './runtime.js'

/**
 * The answers an attempt's interactions report, each question once: content that writes a line for each try (a journal)
 * has the first try first. What content overwrites is known as it was last said.
 */
export function answersIn({ standard, scos }: Runtime, items: readonly ScormItem[]): Answer[] {
  const hasParts = items.filter(({ launch }) => launch).length > 1
  return Object.entries(scos).flatMap(([place, { cmi }]) => {
    const answers = answersOf(standard, parse(cmi))
    if (!hasParts) return answers
    const part = items[Number(place)]?.title ?? ''
    return answers.map((one) => ({ ...one, question: `${place}.${one.question}`, part }))
  })
}

/** Whether a commit says anything of a question. */
export const hasAnswers = (values: Elements): boolean =>
  [...values.keys()].some((path) => path.startsWith(prefix))

const prefix = 'interactions.'

type Fields = Map<string, string>

function answersOf(standard: Standard, state: Elements): Answer[] {
  const found = new Map<string, Answer>()
  for (const fields of interactionsIn(state)) {
    const answer = answerOf(standard, fields)
    if (answer && !found.has(answer.question)) found.set(answer.question, answer)
  }
  return [...found.values()]
}

/** By their number, each with its fields: `learner_response` → `a`. */
function interactionsIn(state: Elements): Fields[] {
  const found = new Map<string, Fields>()
  for (const [path, value] of state) {
    if (!path.startsWith(prefix)) continue
    const dot = path.indexOf('.', prefix.length)
    const number = path.slice(prefix.length, dot)
    const fields: Fields = found.get(number) ?? new Map<string, string>()
    found.set(number, fields.set(path.slice(dot + 1), value))
  }
  return [...found].sort(([a], [b]) => Number(a) - Number(b)).map(([, fields]) => fields)
}

/** Without an id nobody knows which question it was; without response and result it was only put. */
function answerOf(standard: Standard, fields: Fields): Answer | undefined {
  const question = fields.get('id')?.trim()
  const response = fields.get(standard === '1.2' ? 'student_response' : 'learner_response') ?? ''
  const result = fields.get('result') ?? ''
  if (!question || (response === '' && result === '')) return undefined
  const kind = kindOf(fields.get('type'))
  const share = shareOf(result, Number(fields.get('weighting') || 0))
  const seconds = secondsOf(standard, fields.get('latency') ?? '')
  return {
    ...{ question, kind },
    text: fields.get('description')?.trim() || nameOf(question),
    given: partsOf({ standard, kind }, response),
    right: patternsOf(fields).map((pattern) => partsOf({ standard, kind }, pattern)),
    ...(share !== undefined && { share }),
    ...(seconds !== undefined && { seconds }),
  }
}

/** A question's id in words: `test.Q1_anders-door` → `test Q1 anders door`; numbers keep their points. */
const nameOf = (question: string): string =>
  textOf(question).replace(/(?<=\p{L})[.-](?=\p{L})/gu, ' ')

/** Numbered from 0, without a gap. */
function patternsOf(fields: Fields): string[] {
  const patterns: string[] = []
  for (;;) {
    const pattern = fields.get(`correct_responses.${patterns.length}.pattern`)
    if (pattern === undefined) return patterns
    patterns.push(pattern)
  }
}

const kindOf = (type: string | undefined): Answer['kind'] => (type || 'other') as Answer['kind']

/**
 * SCORM 1.2 RTE 3.4.4.7 says `wrong` where 2004 says `incorrect`. A number is "an estimate of the correctness" (2004 RTE
 * 4.2.9): a share where it is one, else points out of the weighting. Neutral and unanticipated answers are not judged.
 */
function shareOf(result: string, weighting: number): number | undefined {
  if (result === 'correct') return 1
  if (result === 'wrong' || result === 'incorrect') return 0
  const number = result === '' ? Number.NaN : Number(result)
  if (Number.isNaN(number)) return undefined
  return number > 1 && weighting > 0
    ? Math.min(1, number / weighting)
    : Math.max(0, Math.min(1, number))
}
