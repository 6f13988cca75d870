import {
  roles,
  type Course,
  type Part,
  type PartKind,
  type PartOutline,
  type Question,
  type Role,
  type Section,
  type Term,
  type Texts,
} from '../player/course.js'
import { piecesOf } from './blocks.js'
import {
  courseContext,
  fileContext,
  remember,
  type CourseContext,
  type FileContext,
  type ReadFile,
  type Shape,
} from './context.js'
import type { SectionSource } from './document.js'
import { escapeHtml } from './html.js'
import { keyMaker } from './keys.js'
import { reporter, type Problem } from './problems.js'
import { readingProblems } from './reading.js'
import { renderQuestion } from './render-question.js'
import { render } from './render.js'
import type { Language, ModuleSources } from './sources.js'
import { storyProblems } from './story-rules.js'
import { storyOf, storyOpening } from './story.js'
import { textsOf } from './texts.js'

/** One language of a module, ready to be packed for any target. */
export interface Compiled {
  readonly course: Omit<Course, 'target'>
  readonly parts: readonly Part[]
  readonly bank: readonly Question[]
  readonly glossary: readonly Term[]
  readonly shapes: readonly Shape[]
  readonly media: ReadonlyMap<string, string>
  readonly texts: Texts
}

const fixedKinds: Readonly<Record<string, PartKind>> = {
  index: 'home',
  'self-check': 'self-check',
  case: 'case',
  test: 'test',
  transfer: 'transfer',
}
const order: readonly PartKind[] = [
  'home',
  'self-check',
  'unit',
  'case',
  'test',
  'transfer',
  'tool',
]
const isBank = (id: string): boolean => id === 'questions' || id.startsWith('questions/')

/** What kind of part a file is, by its name; nothing for the bank and the glossary. */
export function kindOf(id: string): PartKind | undefined {
  if (isBank(id) || id === 'glossary') return undefined
  return id.startsWith('tools/') ? 'tool' : (fixedKinds[id] ?? 'unit')
}

/** Makes one language of a module, noting everything that is missing or broken on the way. */
export function compile(
  sources: ModuleSources,
  language: Language,
  problems: Problem[],
): Compiled | undefined {
  const texts = textsOf(language)
  const context = courseContext({ sources, language, texts, key: keyMaker(), problems })
  const index = context.files.get('index')
  if (!index) {
    reporter(problems, sources.metaFile)(1, 'language', `${language}/index.md is missing`)
    return undefined
  }
  const files = orderedParts(context, problems)
  const parts = files.map((file) => partOf(fileContext(context, file)))
  const bank = bankOf(context)
  checkDraw(context, bank, problems)
  const glossary = glossaryOf(context)
  const outlines = files.map((file, at) => outlineOf(file, parts[at]))
  const { shapes, media } = context
  const course = {
    ...courseOf(context, index),
    parts: outlines,
    hasGlossary: glossary.length > 0,
    texts,
  }
  return { course, parts, bank, glossary, shapes, media, texts }
}

type Facts = Omit<Course, 'target' | 'parts' | 'hasGlossary' | 'texts'>

function courseOf({ sources: { meta }, language }: CourseContext, index: ReadFile): Facts {
  const { id, version, complete, test } = meta
  const { title, summary } = index.document.front
  const { pass = 0, attempts = 0, draw = {} } = test ?? {}
  return { id, version, language, title, summary, complete, pass, attempts, draw }
}

function orderedParts({ files, sources }: CourseContext, problems: Problem[]): ReadFile[] {
  const report = reporter(problems, sources.metaFile)
  const all = [...files.values()].filter(({ id }) => kindOf(id))
  const rank = ({ id }: ReadFile): number => order.indexOf(kindOf(id) ?? 'unit')
  const usual = all.sort((a, b) => rank(a) - rank(b) || a.id.localeCompare(b.id, 'en'))
  const { parts } = sources.meta
  if (!parts) return usual
  for (const id of parts.filter((each) => !files.has(each))) report(1, 'link', `parts: no ${id}.md`)
  const place = ({ id }: ReadFile): number => (parts.includes(id) ? parts.indexOf(id) : 1e3)
  return usual.sort((a, b) => place(a) - place(b))
}

function outlineOf(file: ReadFile, part: Part | undefined): PartOutline {
  const { title, summary, minutes } = file.document.front
  return {
    id: file.id,
    kind: kindOf(file.id) ?? 'unit',
    title,
    summary,
    ...(minutes ? { minutes } : {}),
    sections: (part?.sections ?? []).map((section) => ({
      id: section.id,
      key: section.key,
      title: section.title,
      ...(section.role ? { role: section.role } : {}),
    })),
  }
}

function partOf(context: FileContext): Part {
  const { file } = context
  const kind = kindOf(file.id) ?? 'unit'
  remember(context, 1, { id: '', shape: kind })
  if (kind === 'unit' || kind === 'transfer') {
    if (file.document.sections.length === 0) {
      file.report(1, 'block', 'a unit has at least one section: `## Title {#id}`')
    }
    return { id: file.id, kind, sections: screens(context) }
  }
  if (kind !== 'case') return { id: file.id, kind, sections: [oneScreen(context)] }
  const opening = storyOpening(context)
  const story = storyOf(context)
  for (const { node, rule, message, level } of storyProblems(story)) {
    const line = (node !== undefined && file.document.sections[node]?.headingAt) || 1
    if (level === 'warning') file.report.warn(line, rule, message)
    else file.report(line, rule, message)
  }
  const section = sectionOf(context, {
    id: 'case',
    title: file.document.front.title,
    html: opening,
  })
  return { id: file.id, kind, sections: [section], story }
}

/** Units and the transfer task: each `##` is a screen; what precedes them opens the first. */
function screens(context: FileContext): Section[] {
  const { file } = context
  const opening = render(file.document.opening, context)
  return file.document.sections.map((source, at) => {
    const inner = { ...context, widgets: at === 0 ? context.widgets : [] }
    const html = render(source, inner)
    readingProblems(html, context.course.language, { line: source.line, report: file.report })
    rememberSection(source, context)
    const raised = html.replace(/(<\/?h)([34])/g, (_, tag: string, n: string) => `${tag}${+n - 1}`)
    const role = roles.find((each) => source.attributes.classes.includes(each))
    for (const each of source.attributes.classes.filter((name) => !roles.includes(name as Role))) {
      file.report(source.headingAt, 'block', `.${each} is none of ${roles.join(', ')}`)
    }
    return {
      ...sectionOf(inner, {
        id: source.attributes.id ?? '',
        title: source.title,
        html: (at === 0 ? opening : '') + raised,
      }),
      ...(role ? { role } : {}),
    }
  })
}

function rememberSection(source: SectionSource, context: FileContext): void {
  const { id, classes, values } = source.attributes
  if (!id) {
    const message = `a section has an id: \`## ${source.title} {#some-words}\``
    context.file.report(source.headingAt, 'id', message)
    return
  }
  const shape = ['section', ...classes].join(' ')
  remember(context, source.headingAt, { id, shape, rev: values.rev })
}

/** The other parts are one screen, their `##` headings inside it. */
function oneScreen(context: FileContext): Section {
  const { file } = context
  const html = file.document.sections.map((source) => {
    const { id, values } = source.attributes
    if (id) remember(context, source.headingAt, { id, shape: 'heading', rev: values.rev })
    const anchor = id ? ` id="${escapeHtml(id)}" tabindex="-1"` : ''
    return `<h2${anchor}>${escapeHtml(source.title)}</h2>${render(source, context)}`
  })
  const opening = render(file.document.opening, context)
  const id = file.id.split('/').at(-1) ?? file.id
  const whole = [opening, ...html].join('')
  return sectionOf(context, { id, title: file.document.front.title, html: whole })
}

function sectionOf(
  { course, file, widgets }: FileContext,
  { id, title, html }: { id: string; title: string; html: string },
): Section {
  return { id, key: course.key(`${file.id}/${id}`), title, html, widgets }
}

function bankOf(course: CourseContext): Question[] {
  const files = [...course.files.values()].filter(({ id }) => isBank(id))
  return files.flatMap((file) =>
    [file.document.opening, ...file.document.sections].flatMap((chunk) =>
      piecesOf(chunk, file.report).flatMap((piece) => {
        if (piece.kind === 'prose' || piece.name !== 'question') return []
        const made = renderQuestion(piece, fileContext(course, file), render)
        if (made && kindOf(made.unit ?? 'questions') !== 'unit') {
          file.report(piece.opensAt, 'bank', 'a question of the bank names its unit: unit=01-…')
        } else if (made?.unit && !course.files.has(made.unit)) {
          file.report(piece.opensAt, 'bank', `unit=${made.unit}: no such unit`)
        }
        return made ? [made] : []
      }),
    ),
  )
}

function checkDraw(
  { sources, files, language }: CourseContext,
  bank: readonly Question[],
  problems: Problem[],
): void {
  const report = reporter(problems, sources.metaFile)
  const { test } = sources.meta
  if (files.has('test') && !test)
    report(1, 'bank', 'test.md is there, but no "test" in module.json')
  for (const [unit, wanted] of Object.entries(test?.draw ?? {})) {
    const held = bank.filter((question) => question.unit === unit).length
    if (held < wanted)
      report(1, 'bank', `${language}: ${wanted} drawn from ${unit}, which has ${held}`)
  }
}

function glossaryOf(course: CourseContext): Term[] {
  const file = course.files.get('glossary')
  if (!file) return []
  const context = fileContext(course, file)
  return file.document.sections
    .map((source) => {
      const { id = '', values } = source.attributes
      if (id) remember(context, source.headingAt, { id, shape: 'term', rev: values.rev })
      else file.report(source.headingAt, 'id', 'a word has an id: `## Backlog {#backlog}`')
      return { id, title: source.title, html: render(source, context) }
    })
    .sort((a, b) => a.title.localeCompare(b.title, course.language))
}
