import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Texts, Widget } from '../player/course.js'
import { readDocument, type Document } from './document.js'
import type { Resolver } from './markdown.js'
import { reporter, type Problem, type Report } from './problems.js'
import type { Language, ModuleSources, SourceFile } from './sources.js'
import { drawingOf, svgProblems, type Drawing } from './svg.js'

/** One thing that every language must have alike: its id, and what of it does not depend on words. */
export interface Shape {
  readonly id: string
  readonly shape: string
  readonly rev: number
  readonly file: string
  readonly line: number
}

export interface ReadFile extends SourceFile {
  readonly document: Document
  readonly report: Report
}

/** What rendering one language needs to know of the whole module. */
export interface CourseContext {
  readonly sources: ModuleSources
  readonly language: Language
  readonly files: ReadonlyMap<string, ReadFile>
  readonly texts: Texts
  readonly key: (id: string) => string
  readonly shapes: Shape[]
  /** Files other than drawings that the package carries: path in the package → path on disk. */
  readonly media: Map<string, string>
  /** Numbers the drawings, so that ids in one never meet those in another. */
  drawings: number
}

/** Where rendering stands: one file, and the widgets of the section being made. */
export interface FileContext {
  readonly course: CourseContext
  readonly file: ReadFile
  readonly resolver: Resolver
  readonly widgets: Widget[]
}

export interface ContextNeeds {
  readonly sources: ModuleSources
  readonly language: Language
  readonly texts: Texts
  readonly key: (id: string) => string
  readonly problems: Problem[]
}

/** Reads every file of a language, before any is rendered: links need to know where they can lead. */
export function courseContext({ sources, problems, ...needs }: ContextNeeds): CourseContext {
  const files = (sources.languages.get(needs.language) ?? []).map((file): [string, ReadFile] => {
    const report = reporter(problems, file.file)
    return [file.id, { ...file, report, document: readDocument(file.text, report) }]
  })
  return { ...needs, sources, files: new Map(files), shapes: [], media: new Map(), drawings: 0 }
}

/** Rendering of one file, with no widgets yet. */
export function fileContext(course: CourseContext, file: ReadFile): FileContext {
  return { course, file, widgets: [], resolver: resolverOf(course, file) }
}

/** Remembers something the other languages must have as well. */
export function remember(
  { course, file }: Pick<FileContext, 'course' | 'file'>,
  line: number,
  { id, shape, rev = '1' }: { id: string; shape: string; rev?: string | undefined },
): void {
  const whole = `${file.id}#${id}`
  if (course.shapes.some((each) => each.id === whole)) {
    file.report(line, 'id', `${id} is used twice in this file`)
    return
  }
  course.shapes.push({ id: whole, shape, rev: Number(rev) || 1, file: file.file, line })
}

function resolverOf(course: CourseContext, file: ReadFile): Resolver {
  return {
    tableLabel: course.texts.table ?? '',
    link: (href, line) => resolveLink(course, file, { href, line }),
    image(source, alt, line) {
      return drawing({ course, file }, line, { source, alt })?.html ?? ''
    },
  }
}

/** The drawing an image names, or nothing once it has been said why not. */
export function drawing(
  { course, file }: Pick<FileContext, 'course' | 'file'>,
  line: number,
  { source, alt }: { source: string; alt: string },
): Drawing | undefined {
  if (!alt.trim()) {
    file.report(line, 'alt', `${source} has no alternative text: ![what it shows](${source})`)
  }
  const path = pathOf(course, source)
  if (!path || !source.endsWith('.svg')) {
    file.report(
      line,
      'link',
      `no drawing ${source} in ${course.language}/ or in the module's folder`,
    )
    return undefined
  }
  const text = readFileSync(path, 'utf8')
  const wrong = svgProblems(text)
  for (const each of wrong) file.report(line, 'svg', `${source}: ${each}`)
  course.drawings += 1
  return wrong.length > 0 ? undefined : drawingOf(text, { alt, prefix: `d${course.drawings}-` })
}

/** A file of the language, else of the module. */
export function pathOf({ sources, language }: CourseContext, name: string): string | undefined {
  if (name.includes('..') || name.startsWith('/')) return undefined
  return [join(sources.folder, language, name), join(sources.folder, name)].find((path) =>
    existsSync(path),
  )
}

function resolveLink(
  course: CourseContext,
  file: ReadFile,
  { href, line }: { href: string; line: number },
): { href: string; term?: string } {
  const broken = (why: string): { href: string } => {
    file.report(line, 'link', `${href}: ${why}`)
    return { href: '#' }
  }
  if (href.startsWith('https://')) return URL.canParse(href) ? { href } : broken('not an address')
  if (href.startsWith('term:')) {
    const term = href.slice('term:'.length)
    const known = sectionIds(course.files.get('glossary')).includes(term)
    return known ? { href: `#/glossary/${term}`, term } : broken('no such word in glossary.md')
  }
  if (/^[a-z]+:/.test(href)) return broken('links lead to parts of the course or to https')
  const [part = '', section] = href.split('#')
  const target = part ? course.files.get(part.replace(/\.md$/, '')) : file
  if (!target) return broken('no such part')
  if (section && !sectionIds(target).includes(section)) return broken('no such section')
  return { href: `#/${target.id}${section ? `/${section}` : ''}` }
}

const sectionIds = (file: ReadFile | undefined): string[] =>
  (file?.document.sections ?? []).flatMap(({ attributes: { id } }) => (id ? [id] : []))
