import { reporter, type Problem } from './problems.js'
import type { Shape } from './context.js'
import type { Language, ModuleSources } from './sources.js'
import type { Compiled } from './compile.js'

/** Names what a language lacks, has too many of, or has otherwise than the source language. */
export function compareLanguages(
  { meta, metaFile }: ModuleSources,
  compiled: ReadonlyMap<Language, Compiled>,
  problems: Problem[],
): void {
  const source = compiled.get(meta.source)
  if (!source) return
  for (const language of meta.languages.filter((each) => each !== meta.source)) {
    const other = compiled.get(language)
    if (!other) continue
    const theirs = new Map(other.shapes.map((shape) => [shape.id, shape]))
    const ours = new Map(source.shapes.map((shape) => [shape.id, shape]))
    for (const shape of missing(ours, theirs)) {
      const file = other.shapes.find((each) => sameFile(each, shape))?.file
      const report = reporter(problems, file ?? metaFile)
      const from = `${shape.file}:${shape.line}`
      report(1, 'language', `${language} is behind: ${named(shape)} is missing (see ${from})`)
    }
    for (const shape of missing(theirs, ours)) {
      const message = `${named(shape)} is not in ${meta.source}`
      reporter(problems, shape.file)(shape.line, 'language', message)
    }
    for (const shape of theirs.values()) differences(shape, ours.get(shape.id), problems)
  }
}

const sameFile = (one: Shape, other: Shape): boolean => fileOf(one) === fileOf(other)
const fileOf = ({ id }: Shape): string => id.split('#')[0] ?? ''
const named = ({ id }: Shape): string =>
  id.endsWith('#')
    ? `${id.slice(0, -1)}.md`
    : `#${id.split('#')[1] ?? ''} of ${id.split('#')[0] ?? ''}`

/** A missing file is one finding, not one for each thing that would be in it. */
function missing(
  from: ReadonlyMap<string, Shape>,
  to: ReadonlyMap<string, Shape>,
): readonly Shape[] {
  const files = new Set([...to.values()].map(fileOf))
  const gone = [...from.values()].filter(({ id }) => !to.has(id))
  return gone.filter(
    (shape, at) =>
      files.has(fileOf(shape)) || gone.findIndex((each) => sameFile(each, shape)) === at,
  )
}

function differences(shape: Shape, source: Shape | undefined, problems: Problem[]): void {
  if (!source) return
  const report = reporter(problems, shape.file)
  if (shape.shape !== source.shape) {
    const where = `${source.file}:${source.line}`
    report(
      shape.line,
      'language',
      `${named(shape)} is not as in ${where}: "${shape.shape}" instead of "${source.shape}"`,
    )
  }
  if (shape.rev < source.rev) {
    report(
      shape.line,
      'language',
      `${named(shape)} is behind: rev ${shape.rev}, the source has rev ${source.rev}`,
    )
  }
}
