import { questionKinds, type QuestionKind } from '../player/course.js'
import { depths, type Block, type Chunk } from './blocks.js'
import type { Report } from './problems.js'

export interface AnswerSource {
  /** `x`, a blank, or the worth of a scenario's answer. */
  readonly mark: string
  readonly text: string
  readonly line: number
  /** Right side of a match. */
  readonly to?: string
  readonly why?: Chunk
}

export interface QuestionSource {
  readonly id: string
  readonly kind: QuestionKind
  readonly line: number
  readonly prompt: Chunk
  readonly answers: readonly AnswerSource[]
  readonly after?: Chunk
  readonly values: Readonly<Record<string, string>>
}

const starts: Readonly<Record<QuestionKind, RegExp>> = {
  single: /^[-*] \[( |x|X)\]\s+(.+)$/,
  multiple: /^[-*] \[( |x|X)\]\s+(.+)$/,
  'fill-in': /^[-*] \[( |x|X)\]\s+(.+)$/,
  numeric: /^[-*] \[( |x|X)\]\s+(.+)$/,
  hotspot: /^[-*] \[( |x|X)\]\s+(.+)$/,
  scenario: /^[-*] \[(\d{1,3})\]\s+(.+)$/,
  order: /^(\d+)\.\s+(.+)$/,
  match: /^[-*] ()(.*=>.*)$/,
}

/** Reads one `::: question` block; nothing when it cannot be read at all. */
export function readQuestion(block: Block, report: Report): QuestionSource | undefined {
  const kind = questionKinds.find((each) => each === block.words.split(' ')[0])
  if (!kind) {
    report(block.opensAt, 'question', `one of: ${questionKinds.join(', ')}; not "${block.words}"`)
    return undefined
  }
  const { id } = block.attributes
  if (!id) {
    report(block.opensAt, 'id', 'a question has an id: `{#some-words}`')
    return undefined
  }
  const lines = block.text.split('\n')
  const depth = depths(lines)
  const first = lines.findIndex((line, at) => depth[at] === 0 && starts[kind].test(line))
  const rest = first < 0 ? [] : lines.slice(first)
  const cut = rest.findIndex((line) => /^---\s*$/.test(line))
  const answers = readAnswers(cut < 0 ? rest : rest.slice(0, cut), block.line + first, {
    start: starts[kind],
    report,
  })
  const after = cut < 0 ? '' : rest.slice(cut + 1).join('\n')
  return {
    id,
    kind,
    line: block.opensAt,
    prompt: { text: lines.slice(0, first < 0 ? undefined : first).join('\n'), line: block.line },
    answers: kind === 'match' ? answers.map(sides) : answers,
    values: block.attributes.values,
    ...(after.trim() ? { after: { text: after, line: block.line + first + cut + 1 } } : {}),
  }
}

interface Reading {
  readonly start: RegExp
  readonly report: Report
}

interface Draft {
  mark: string
  text: string
  line: number
  why: string[]
  whyAt: number
}

function readAnswers(
  lines: readonly string[],
  firstLine: number,
  { start, report }: Reading,
): AnswerSource[] {
  const drafts: Draft[] = []
  lines.forEach((line, at) => {
    const [found, mark = '', text = ''] = start.exec(line) ?? []
    const draft = drafts.at(-1)
    const [isWhy, why = ''] = /^\s+>\s?(.*)$/.exec(line) ?? []
    if (found) drafts.push({ mark, text, line: firstLine + at, why: [], whyAt: 0 })
    else if (!line.trim()) return
    else if (draft && isWhy) {
      draft.whyAt ||= firstLine + at
      draft.why.push(why)
    } else if (draft && /^\s/.test(line) && draft.why.length === 0) draft.text += ` ${line.trim()}`
    else if (draft && /^\s/.test(line)) draft.why.push(line.trim())
    else report(firstLine + at, 'question', `neither an answer nor its explanation: ${line}`)
  })
  return drafts.map(({ mark, text, line, why, whyAt }) => ({
    mark: mark.toLowerCase(),
    text,
    line,
    ...(why.some((each) => each.trim()) ? { why: { text: why.join('\n'), line: whyAt } } : {}),
  }))
}

function sides(answer: AnswerSource): AnswerSource {
  const [left = '', ...right] = answer.text.split('=>')
  return { ...answer, text: left.trim(), to: right.join('=>').trim() }
}
