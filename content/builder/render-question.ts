import type { Answer, Question } from '../player/course.js'
import type { Block, Chunk } from './blocks.js'
import { drawing, remember, type FileContext } from './context.js'
import { plainText } from './html.js'
import { renderPhrase } from './markdown.js'
import { answerProblems, areaOf } from './question-rules.js'
import { readQuestion, type AnswerSource, type QuestionSource } from './questions.js'

export type RenderPieces = (chunk: Chunk, context: FileContext) => string

const picturePattern = /^!\[([^\]]*)\]\(([^)\s]+)[^)]*\)\s*$/m

/** Makes one `::: question` ready for the player, saying what is missing; nothing when unreadable. */
export function renderQuestion(
  block: Block,
  context: FileContext,
  render: RenderPieces,
): Question | undefined {
  const { report } = context.file
  const source = readQuestion(block, report)
  if (!source) return undefined
  for (const { line, rule, message } of answerProblems(source)) report(line, rule, message)
  remember(context, source.line, {
    id: source.id,
    shape: shapeOf(source),
    rev: source.values.rev,
  })
  const picture = source.kind === 'hotspot' ? pictureOf(source, context) : undefined
  const prompt = picture
    ? { ...source.prompt, text: source.prompt.text.replace(picturePattern, '') }
    : source.prompt
  const html = render(prompt, context)
  return {
    id: source.id,
    key: context.course.key(`${context.file.id}#${source.id}`),
    kind: source.kind,
    prompt: html,
    text: plainText(html).slice(0, 240),
    answers: source.answers.map((answer) => answerOf(answer, source, { context, render })),
    ...(source.after ? { after: render(source.after, context) } : {}),
    points: Number(source.values.points ?? 1),
    shuffle: source.values.shuffle !== 'no',
    ...(source.values.unit ? { unit: source.values.unit } : {}),
    ...(source.values.in ? { measure: source.values.in } : {}),
    ...(picture ? { picture } : {}),
  }
}

function answerOf(
  answer: AnswerSource,
  { kind }: QuestionSource,
  { context, render }: { context: FileContext; render: RenderPieces },
): Answer {
  const { area, label } = areaOf(answer.text)
  const words = kind === 'hotspot' ? label : answer.text
  const html = renderPhrase({ text: words, line: answer.line }, context.resolver)
  const accepts = kind === 'fill-in' || kind === 'numeric'
  return {
    html,
    text: plainText(html),
    why: answer.why ? render(answer.why, context) : '',
    worth: worthOf(answer, kind),
    ...(accepts ? { accepts: answer.text.split('|').map((each) => each.trim()) } : {}),
    ...(kind === 'hotspot' && area ? { area } : {}),
    ...(answer.to === undefined
      ? {}
      : { to: renderPhrase({ text: answer.to, line: answer.line }, context.resolver) }),
  }
}

function worthOf({ mark, text }: AnswerSource, kind: Question['kind']): number {
  if (kind === 'order') return 100
  if (kind === 'match') return text ? 100 : 0
  if (kind === 'scenario') return Number(mark)
  return mark === 'x' ? 100 : 0
}

function pictureOf(source: QuestionSource, context: FileContext): Question['picture'] {
  const [before = ''] = source.prompt.text.split(picturePattern)
  const [, alt = '', path = ''] = picturePattern.exec(source.prompt.text) ?? []
  const line = source.prompt.line + before.split('\n').length - 1
  if (!path) {
    context.file.report(source.line, 'question', 'a hot spot has a picture: ![…](images/….svg)')
    return undefined
  }
  return drawing(context, line, { source: path, alt })
}

/** Right and wrong by place, numbers and areas: alike in every language. */
function shapeOf({ kind, answers, values }: QuestionSource): string {
  const each = answers.map(({ mark, text, to }) => {
    if (kind === 'hotspot') return `${mark}@${text.split('@')[1]?.trim() ?? ''}`
    if (kind === 'numeric') return `${mark}${text}`
    if (kind === 'match') return text ? 'pair' : `lure${to ? '' : '?'}`
    return kind === 'order' ? 'step' : mark.trim() || '-'
  })
  return [kind, each.join(' '), values.unit ?? '', values.points ?? ''].join('; ')
}
