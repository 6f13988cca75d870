import { plainText, escapeHtml } from './html.js'
import { chartKinds, chartSvg, figuresOf } from './chart.js'
import { opening, piecesOf, type Block, type Chunk } from './blocks.js'
import { pathOf, remember, type FileContext } from './context.js'
import { expressionOf } from './expressions.js'
import { renderProse } from './markdown.js'
import { renderQuestion } from './render-question.js'

type Renderer = (block: Block, context: FileContext) => string

/** Renders prose and blocks; what a learner can act on becomes a widget of the context. */
export function render(chunk: Chunk, context: FileContext): string {
  return piecesOf(chunk, context.file.report)
    .map((piece) =>
      piece.kind === 'prose'
        ? renderProse(piece, context.resolver)
        : (renderers[piece.name] ?? unknown)(piece, context),
    )
    .join('')
}

const unknown: Renderer = (block, { file }) => {
  file.report(block.opensAt, 'block', `there is no block called ${block.name}`)
  return ''
}

const box: Renderer = (block, context) => {
  const title = block.words || (context.course.texts[`box.${block.name}`] ?? '')
  const heading = title ? `<p class="box-title">${escapeHtml(title)}</p>` : ''
  return `<div class="note ${block.name}">${heading}${render(block, context)}</div>`
}

const details: Renderer = (block, context) => {
  if (!block.words) context.file.report(block.opensAt, 'block', 'details needs a title')
  return `<details><summary>${escapeHtml(block.words)}</summary>${render(block, context)}</details>`
}

/** An id every language shares, made the widget's; said so when it is missing. */
function widgetId(block: Block, { course, file }: FileContext): { id: string; key: string } {
  const id = block.attributes.id ?? ''
  if (!id) file.report(block.opensAt, 'id', `${block.name} has an id: \`{#some-words}\``)
  else {
    remember({ course, file }, block.opensAt, {
      id,
      shape: [block.name, block.attributes.values.unit ?? ''].join(' ').trim(),
      rev: block.attributes.values.rev,
    })
  }
  return { id, key: course.key(`${file.id}#${id}`) }
}

const place = ({ widgets }: FileContext, inside: string, name: string): string =>
  `<div class="widget ${name}" data-widget="${widgets.length - 1}">${inside}</div>`

const question: Renderer = (block, context) => {
  const made = renderQuestion(block, { ...context, widgets: [] }, render)
  if (!made) return ''
  context.widgets.push({ type: 'question', question: made })
  return place(context, '', 'question')
}

const scale: Renderer = (block, context) => {
  const { unit } = block.attributes.values
  if (unit && !context.course.files.has(unit)) {
    context.file.report(block.opensAt, 'link', `unit=${unit}: no such part`)
  }
  const html = render(block, context)
  context.widgets.push({ type: 'scale', ...widgetId(block, context), ...(unit ? { unit } : {}) })
  return place(context, html, 'scale')
}

const reflect: Renderer = (block, context) => {
  const html = render(block, context)
  context.widgets.push({ type: 'reflect', ...widgetId(block, context) })
  return place(context, html, 'reflect')
}

const checklist: Renderer = (block, context) => {
  const html = render(block, context)
  const items = [...html.matchAll(/<li[^>]*>([\s\S]*?)<\/li>/g)].map(([, item = '']) => item.trim())
  if (items.length === 0) context.file.report(block.opensAt, 'block', 'a checklist is a list')
  context.widgets.push({ type: 'checklist', ...widgetId(block, context), items })
  const manager = block.attributes.classes.includes('manager')
  const title = block.words ? `<p class="box-title">${escapeHtml(block.words)}</p>` : ''
  const before = html.slice(0, Math.max(0, html.search(/<[uo]l/)))
  return place(context, title + before, manager ? 'checklist manager' : 'checklist')
}

const chart: Renderer = (block, context) => {
  const [word = '', ...title] = block.words.split(' ')
  const kind = chartKinds.find((each) => each === word)
  const { file, course } = context
  if (!kind) {
    file.report(block.opensAt, 'block', `a chart is one of ${chartKinds.join(', ')}; not "${word}"`)
    return ''
  }
  const tableAt = block.text.search(/^\s*\|/m)
  const sentence = block.text.slice(0, Math.max(0, tableAt))
  const { figures, wrong } = figuresOf(block.text)
  if (!sentence.trim()) {
    file.report(block.opensAt, 'alt', 'a chart opens with a sentence that says what it shows')
  }
  for (const cell of wrong) file.report(block.opensAt, 'block', `not a number: "${cell}"`)
  if (figures.labels.length === 0) file.report(block.opensAt, 'block', 'a chart has a table')
  if (figures.series.length > 4) file.report(block.opensAt, 'block', 'at most four series')
  if (block.attributes.id) {
    const values = figures.series.map((series) => series.values.join(' ')).join(' / ')
    remember(context, block.opensAt, { id: block.attributes.id, shape: `chart ${kind} ${values}` })
  }
  const caption = renderProse({ text: sentence, line: block.line }, context.resolver)
  const alt = `${title.join(' ')}. ${plainText(caption)}`
  const svg = chartSvg(kind, figures, { alt, unit: block.attributes.values.unit ?? '' })
  const table = renderProse({ text: block.text.slice(tableAt), line: block.line }, context.resolver)
  const legend = figures.series
    .map(({ name }, at) => `<li class="s${at}">${escapeHtml(name)}</li>`)
    .join('')
  const names = figures.series.length > 1 ? `<ul class="legend" role="list">${legend}</ul>` : ''
  return `<figure class="figures"><p class="box-title">${escapeHtml(title.join(' '))}</p>${names}${svg}<figcaption>${caption}</figcaption><details><summary>${escapeHtml(course.texts.figures ?? '')}</summary>${table}</details></figure>`
}

const audio: Renderer = (block, context) => {
  const { course, file } = context
  const [source = '', ...title] = block.words.split(' ')
  const path = pathOf(course, source)
  if (!path) file.report(block.opensAt, 'link', `no file ${source}`)
  else course.media.set(source, path)
  if (!block.text.trim()) file.report(block.opensAt, 'alt', 'sound has its transcript as its body')
  const label = escapeHtml(title.join(' '))
  return `<figure class="sound"><p class="box-title">${label}</p><audio controls preload="none" src="${escapeHtml(source)}" aria-label="${label}"></audio><details><summary>${escapeHtml(course.texts.transcript ?? '')}</summary>${render(block, context)}</details></figure>`
}

const tool: Renderer = (block, context) => {
  const target = context.course.files.get(`tools/${block.words}`)
  if (!target) {
    context.file.report(block.opensAt, 'link', `no tool tools/${block.words}.md`)
    return ''
  }
  const inside = render(block, context) || `<p>${escapeHtml(target.document.front.summary)}</p>`
  const label = escapeHtml(context.course.texts['role.tool'] ?? '')
  return `<div class="note tool"><p class="box-title">${label}</p><p><a href="#/${target.id}">${escapeHtml(target.document.front.title)}</a></p>${inside}</div>`
}

const ruled: Renderer = (block) =>
  `<div class="lines" aria-hidden="true">${'<div></div>'.repeat(Math.min(40, Number(block.words) || 4))}</div>`

const passage: Renderer = (block, context) => {
  const head = context.file.text.split('\n')[block.opensAt - 1] ?? ''
  const { when, wrong } = expressionOf(`if ${opening.exec(head)?.[2] ?? ''}`)
  for (const each of wrong) context.file.report(block.opensAt, 'block', `not a condition: ${each}`)
  return `<div data-when="${escapeHtml(JSON.stringify(when))}">${render(block, context)}</div>`
}

const renderers: Readonly<Record<string, Renderer>> = {
  key: box,
  example: box,
  warning: box,
  quote: box,
  aside: box,
  details,
  question,
  scale,
  reflect,
  checklist,
  chart,
  audio,
  tool,
  lines: ruled,
  if: passage,
}
