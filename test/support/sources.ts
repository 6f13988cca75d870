import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'

export interface Edge {
  readonly from: string
  readonly to: string
  readonly typeOnly: boolean
}

/** A tree of source files, so that the rules can be tried on planted ones too. */
export type Sources = ReadonlyMap<string, string>

const folders = ['server', 'plugins', 'content', 'views']

/** Every source file of the project below the product's folders, by path from the root. */
export function projectSources(root = process.cwd()): Sources {
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(ts|ejs)$/.test(file))
      .map((file) => join(folder, file)),
  )
  return new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]))
}

const importPattern =
  /^\s*(?:import|export)( type)?\b[^'"]*?from '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm

/** Who imports whom; relative paths are resolved to files, others kept as they are. */
export function edgesOf(sources: Sources): Edge[] {
  return [...sources].flatMap(([from, text]) =>
    [...text.matchAll(importPattern)].map(([, type, named, bare, late]) => {
      const target = named ?? bare ?? late ?? ''
      return { from, to: resolved(from, target), typeOnly: Boolean(type) }
    }),
  )
}

const resolved = (from: string, target: string): string =>
  target.startsWith('.')
    ? relative('/', resolve('/', dirname(from), target)).replace(/\.js$/, '.ts')
    : target
