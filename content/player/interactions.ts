import type { Question } from './course.js'
import { boundsOf, letters, numberOf, shareOf } from './scoring.js'

type Kind = 'choice' | 'sequencing' | 'matching' | 'fill-in' | 'numeric' | 'likert'

/** One answer, in no standard's words yet. */
export interface Interaction {
  readonly id: string
  readonly kind: Kind
  /** Ids chosen or ordered; pairs `left.right`; the text or number itself. */
  readonly given: readonly string[]
  /** One list per pattern that would have been right. */
  readonly right: readonly (readonly string[])[]
  readonly result: number | 'neutral'
  readonly weighting: number
  readonly seconds: number
  readonly at: Date
  readonly text: string
}

export interface Answered {
  readonly part: string
  readonly response: string
  readonly seconds: number
  readonly at: Date
}

const kinds: Readonly<Record<Question['kind'], Kind>> = {
  single: 'choice',
  multiple: 'choice',
  hotspot: 'choice',
  scenario: 'choice',
  order: 'sequencing',
  match: 'matching',
  'fill-in': 'fill-in',
  numeric: 'numeric',
}

/** What is told to the LMS about an answer to a question. */
export function interactionOf(question: Question, answered: Answered): Interaction {
  const { response, part, seconds, at } = answered
  return {
    id: `${part}.${question.id}`.replace(/[^\w.-]/g, '-'),
    kind: kinds[question.kind],
    given: givenOf(question, response),
    right: rightOf(question),
    result: Math.round(shareOf(question, response) * 100) / 100,
    weighting: question.points,
    seconds,
    at,
    text: question.text,
  }
}

function givenOf({ kind }: Question, response: string): string[] {
  if (kind === 'numeric') return [String(numberOf(response))]
  if (kind === 'fill-in') return [response.trim()]
  if (kind === 'match') {
    return [...response].flatMap((right, at) => (right === '-' ? [] : [`${letters[at]}.${right}`]))
  }
  return [...response]
}

function rightOf({ kind, answers }: Question): string[][] {
  if (kind === 'order') return [answers.map((_, at) => letters[at] ?? '')]
  if (kind === 'match') {
    const lefts = answers.filter(({ html }) => html)
    return [
      lefts.map(({ to }, at) => {
        const right = answers.findIndex((answer) => answer.to === to)
        return `${letters[at]}.${letters[right]}`
      }),
    ]
  }
  const right = answers.flatMap((answer, at) => (answer.worth === 100 ? [{ answer, at }] : []))
  if (kind === 'fill-in' || kind === 'numeric') {
    return right.flatMap(({ answer }) => (answer.accepts ?? []).map((each) => [each]))
  }
  if (kind === 'hotspot') return right.map(({ at }) => [letters[at] ?? ''])
  return [right.map(({ at }) => letters[at] ?? '')]
}

export type Elements = readonly (readonly [element: string, value: string])[]

/** The fields of `cmi.interactions.n` in SCORM 1.2 (RTE 3.4.4.7), in the order to set them. */
export function scorm12(interaction: Interaction): Elements {
  const { kind, given, right, result, at, seconds } = interaction
  const joined = (ids: readonly string[]): string => ids.join(',').slice(0, 255)
  const patterns = right
    .map((ids) => (kind === 'numeric' ? exactNumber(ids[0] ?? '') : joined(ids)))
    .filter((pattern) => pattern !== undefined)
    .map((pattern, n) => [`correct_responses.${n}.pattern`, pattern] as const)
  return [
    ['id', interaction.id.slice(0, 255)],
    ['type', kind],
    ['time', clockTime(at)],
    ...patterns,
    ['weighting', String(interaction.weighting)],
    ['student_response', joined(given)],
    ['result', resultWord(result, 'wrong')],
    ['latency', timespan12(seconds)],
  ]
}

/** The fields of `cmi.interactions.n` in SCORM 2004 (RTE 4.2.9), in the order to set them. */
export function scorm2004(interaction: Interaction): Elements {
  const { kind, given, right, result, at, seconds, text } = interaction
  const joined = (ids: readonly string[]): string =>
    ids.join('[,]').replace(/\b([a-z])\.([a-z])\b/g, '$1[.]$2')
  const pattern = (ids: readonly string[]): string => {
    if (kind === 'numeric') return numericRange(ids[0] ?? '')
    return kind === 'fill-in' ? `{case_matters=false}${ids[0] ?? ''}` : joined(ids)
  }
  const patterns = right
    .slice(0, 5)
    .map((ids, n) => [`correct_responses.${n}.pattern`, pattern(ids)] as const)
  return [
    ['id', interaction.id],
    ['type', kind],
    ...(kind === 'likert' ? [] : patterns),
    ['timestamp', at.toISOString().replace(/\.\d+Z$/, 'Z')],
    ['weighting', String(interaction.weighting)],
    ['learner_response', kind === 'matching' ? joined(given) : given.join('[,]').slice(0, 250)],
    ['result', resultWord(result, 'incorrect')],
    ['latency', timespan2004(seconds)],
    ['description', text.slice(0, 250)],
  ]
}

function resultWord(result: Interaction['result'], wrong: string): string {
  if (result === 'neutral') return result
  if (result === 1) return 'correct'
  return result === 0 ? wrong : String(result)
}

const exactNumber = (accepts: string): string | undefined =>
  /^-?[\d.]+$/.test(accepts) && !accepts.includes('..') ? accepts : undefined

function numericRange(accepts: string): string {
  const [least, most] = boundsOf(accepts)
  return [least, most].map((bound) => (Number.isFinite(bound) ? String(bound) : '')).join('[:]')
}

const two = (value: number): string => String(Math.floor(value)).padStart(2, '0')

const clockTime = (at: Date): string =>
  `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`

/** `HHHH:MM:SS.SS`, as SCORM 1.2 writes a length of time. */
export function timespan12(seconds: number): string {
  const rest = (seconds % 60).toFixed(2).padStart(5, '0')
  return `${String(Math.floor(seconds / 3600)).padStart(4, '0')}:${two((seconds / 60) % 60)}:${rest}`
}

/** `PT1H2M3S`, as SCORM 2004 writes a length of time. */
export function timespan2004(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds / 60) % 60)]
  return `PT${hours}H${minutes}M${Math.floor(seconds % 60)}S`
}
