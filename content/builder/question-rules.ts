import type { AnswerSource, QuestionSource } from './questions.js'

export interface Finding {
  readonly line: number
  readonly rule: string
  readonly message: string
}

/** What a question lacks to be answerable and to teach something by every answer. */
export function answerProblems(question: QuestionSource): Finding[] {
  return [...shape(question), ...question.answers.flatMap((each) => oneAnswer(question, each))]
}

function shape({ kind, answers, line, prompt }: QuestionSource): Finding[] {
  const finding = (message: string): Finding => ({ line, rule: 'question', message })
  const right = answers.filter(({ mark }) => mark === 'x').length
  const found: Finding[] = []
  if (!prompt.text.trim()) found.push(finding('the question itself is missing'))
  const fewest = kind === 'fill-in' || kind === 'numeric' ? 2 : kind === 'scenario' ? 3 : 2
  if (answers.length < fewest)
    found.push(finding(`at least ${fewest} answers; here ${answers.length}`))
  if (answers.length > 26) found.push(finding('at most 26 answers'))
  if (kind === 'single' && right !== 1) found.push(finding(`one right answer; here ${right}`))
  if (['multiple', 'fill-in', 'numeric', 'hotspot'].includes(kind) && right === 0) {
    found.push(finding('no right answer: mark it [x]'))
  }
  if (kind === 'scenario' && answers.filter(({ mark }) => mark === '100').length !== 1) {
    found.push(finding('one answer is worth 100'))
  }
  if (kind === 'match' && answers.filter(({ text }) => text).length < 2) {
    found.push(finding('at least two pairs'))
  }
  const last = answers.at(-1)
  if ((kind === 'fill-in' || kind === 'numeric') && last?.text.trim() !== '*') {
    found.push(finding('the last answer is `- [ ] *`, for anything else'))
  }
  return found
}

function oneAnswer({ kind }: QuestionSource, answer: AnswerSource): Finding[] {
  const { line, text, why, to, mark } = answer
  const found: Finding[] = []
  if (!why) {
    const message = `no explanation below this answer (an indented \`> …\`): ${text || to || ''}`
    found.push({ line, rule: 'feedback', message })
  }
  const wrong = (message: string): void => void found.push({ line, rule: 'question', message })
  if (kind === 'scenario' && Number(mark) > 100) wrong('worth 0 to 100')
  if (kind === 'match' && !to) wrong('left => right')
  if (kind === 'hotspot' && !areaOf(text).area) wrong('label @ x,y widthxheight')
  if (kind === 'numeric' && !text.split('|').every((each) => isNumeric(each.trim()))) {
    wrong('a number, 11..13, <11, >13 or *')
  }
  return found
}

const number = String.raw`-?\d+(?:\.\d+)?`
const numeric = new RegExp(`^(\\*|${number}|${number}\\.\\.${number}|[<>]${number})$`)
const isNumeric = (text: string): boolean => numeric.test(text)

/** Splits `The door @ 20,180 80x60`. */
export function areaOf(text: string): {
  label: string
  area?: readonly [number, number, number, number]
} {
  const [whole = '', x, y, width, height] =
    /\s*@\s*([\d.]+),\s*([\d.]+)\s+([\d.]+)x([\d.]+)\s*$/.exec(text) ?? []
  if (!whole) return { label: text }
  return {
    label: text.slice(0, -whole.length),
    area: [Number(x), Number(y), Number(width), Number(height)],
  }
}
