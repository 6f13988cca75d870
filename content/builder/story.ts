import type { Choice, Route, Story, StoryNode, Variable } from '../player/course.js'
import { piecesOf, type Chunk } from './blocks.js'
import { remember, type FileContext } from './context.js'
import type { SectionSource } from './document.js'
import { effectsOf, expressionOf } from './expressions.js'
import { plainText } from './html.js'
import { renderPhrase } from './markdown.js'
import { silent } from './problems.js'
import { render } from './render.js'

const choiceStart = /^[-*] \[([^\]]+)\]\(#([\w-]+)\)\s*(?:\{([^}]*)\})?\s*$/
const routeLine = /^->\s*#([\w-]+)\s*(?:\{([^}]*)\})?\s*$/

/** Reads `case.md`: its variables, and its nodes with their choices, routes and endings. */
export function storyOf(context: FileContext): Story {
  const { document } = context.file
  const variables = piecesOf(document.opening, silent).flatMap((piece) =>
    piece.kind === 'block' && piece.name === 'variables' ? variablesOf(piece, context) : [],
  )
  const nodes = document.sections.map((section) => nodeOf(section, context))
  const names = new Set(variables.map(({ name }) => name))
  document.sections.forEach((section, at) => {
    const node = nodes[at]
    const used = node ? namesUsed(node) : []
    for (const name of used.filter((each) => !names.has(each))) {
      context.file.report(section.headingAt, 'block', `no variable is called ${name}`)
    }
  })
  remember(context, 1, {
    id: 'variables',
    shape: variables
      .map(({ name, start, least, most }) => `${name} ${start} ${least} ${most}`)
      .join(),
  })
  return { variables, nodes }
}

/** The opening of the case without its variables. */
export function storyOpening({ file, ...context }: FileContext): string {
  return piecesOf(file.document.opening, file.report)
    .filter((piece) => piece.kind === 'prose' || piece.name !== 'variables')
    .map((piece) => {
      const text =
        piece.kind === 'prose' ? piece.text : `::: ${piece.name} ${piece.words}\n${piece.text}\n:::`
      return render({ text, line: piece.line }, { ...context, file })
    })
    .join('')
}

function variablesOf(block: Chunk, { file }: FileContext): Variable[] {
  const pattern = /^[-*] ([a-z][a-z0-9-]*)\s+(-?\d+)(?:\s+\[(-?\d+)\.\.(-?\d+)\])?\s*(.*)$/
  return block.text.split('\n').flatMap((line, at) => {
    if (!line.trim()) return []
    const [found, name = '', start, least, most, label] = pattern.exec(line) ?? []
    if (!found) file.report(block.line + at, 'block', 'a variable is `- name 50 [0..100] Label`')
    if (!found) return []
    return [
      {
        name,
        start: Number(start),
        least: Number(least ?? -1e6),
        most: Number(most ?? 1e6),
        ...(label ? { label } : {}),
      },
    ]
  })
}

function nodeOf(section: SectionSource, context: FileContext): StoryNode {
  const { report } = context.file
  const { id = '', classes, values } = section.attributes
  const lines = section.text.split('\n')
  const first = lines.findIndex((line) => /^[-*] \[[^\]]+\]\(#/.test(line) || /^->/.test(line))
  const end = first < 0 ? lines.length : first
  const choices = first < 0 ? [] : choicesOf(lines.slice(first), section.line + first, context)
  const routes = first < 0 ? [] : routesOf(lines.slice(first), section.line + first, context)
  const change = effectsOf(values.change ?? '')
  for (const each of change.wrong) report(section.headingAt, 'block', `not a change: ${each}`)
  const ending = classes.includes('ending')
  const node: StoryNode = {
    id,
    title: section.title,
    html: render({ text: lines.slice(0, end).join('\n'), line: section.line }, context),
    change: change.effects,
    choices,
    routes,
    ending,
    ...(ending && values.score !== undefined ? { score: Number(values.score) } : {}),
  }
  rememberNode(node, section, context)
  return node
}

function rememberNode(node: StoryNode, section: SectionSource, context: FileContext): void {
  if (!node.id) {
    context.file.report(section.headingAt, 'id', 'a node has an id: `## Monday {#monday}`')
    return
  }
  const ways = [...node.choices, ...node.routes].map((way) =>
    JSON.stringify([way.to, 'effects' in way ? way.effects : [], way.when]),
  )
  const shape = [JSON.stringify(node.change), ...ways, node.ending ? `end ${node.score ?? ''}` : '']
  remember(context, section.headingAt, {
    id: node.id,
    shape: shape.join(' '),
    rev: section.attributes.values.rev,
  })
}

function choicesOf(lines: readonly string[], line: number, context: FileContext): Choice[] {
  const { report } = context.file
  const starts = lines.flatMap((each, at) => (choiceStart.test(each) ? [at] : []))
  lines.forEach((each, at) => {
    const known = choiceStart.test(each) || routeLine.test(each) || /^\s+\S|^\s*$/.test(each)
    if (!known) report(line + at, 'block', `neither a choice, its consequence nor a route: ${each}`)
  })
  return starts.map((at, index) => {
    const [, words = '', to = '', inside = ''] = choiceStart.exec(lines[at] ?? '') ?? []
    const below = lines.slice(at + 1, starts[index + 1] ?? lines.length)
    const why = below.flatMap((each) => /^\s+>\s?(.*)$/.exec(each)?.[1] ?? [])
    const { effects, when, wrong } = expressionOf(inside)
    for (const each of wrong) report(line + at, 'block', `not an effect or condition: ${each}`)
    if (!why.join('').trim())
      report(line + at, 'feedback', `what follows at once is missing: ${words}`)
    const html = renderPhrase({ text: words, line: line + at }, context.resolver)
    return {
      html,
      text: plainText(html),
      to,
      effects,
      when,
      why: render({ text: why.join('\n'), line: line + at + 1 }, context),
    }
  })
}

function routesOf(lines: readonly string[], line: number, { file }: FileContext): Route[] {
  return lines.flatMap((each, at) => {
    const [found, to = '', inside = ''] = routeLine.exec(each) ?? []
    if (!found) return []
    const { when, effects, wrong } = expressionOf(inside)
    if (wrong.length + effects.length > 0) {
      file.report(line + at, 'block', `a route has only a condition: ${inside}`)
    }
    return [{ to, when }]
  })
}

function namesUsed({ change, choices, routes, html }: StoryNode): string[] {
  const printed = [...html.matchAll(/data-variable="([^"]+)"/g)].map(([, name = '']) => name)
  const passages = [...html.matchAll(/&quot;variable&quot;:&quot;([^&]+)&quot;/g)]
  return [
    ...printed,
    ...passages.map(([, name = '']) => name),
    ...change.map(({ variable }) => variable),
    ...choices.flatMap(({ effects, when }) => [...effects, ...when].map((each) => each.variable)),
    ...routes.flatMap(({ when }) => when.map((each) => each.variable)),
  ]
}
