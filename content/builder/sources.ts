import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join, relative, resolve, sep } from 'node:path'
import { z } from 'zod'
import { reporter, type Problem } from './problems.js'

const id = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'lower-case words joined by -')
export const contentLanguages = ['en', 'fr', 'es'] as const
const language = z.enum(contentLanguages)
export type Language = z.infer<typeof language>

const moduleMeta = z
  .strictObject({
    id,
    version: z.string().regex(/^\d+\.\d+\.\d+$/, 'three numbers, such as 1.0.0'),
    competency: id.optional(),
    level: z.number().int().min(1).max(5).optional(),
    altitudes: z.array(z.enum(['strategic', 'tactical', 'operational'])).optional(),
    hours: z.number().positive().optional(),
    languages: z.array(language).min(1),
    source: language,
    complete: z.enum(['parts', 'test']).default('parts'),
    parts: z.array(z.string()).optional(),
    test: z
      .strictObject({
        pass: z.number().int().min(1).max(100).default(70),
        attempts: z.number().int().min(0).default(0),
        draw: z.record(z.string(), z.number().int().min(0)),
      })
      .optional(),
  })
  .refine(({ languages, source }) => languages.includes(source), 'source is one of languages')
export type ModuleMeta = z.infer<typeof moduleMeta>

export interface SourceFile {
  /** As the linter names it: relative to where the command runs. */
  readonly file: string
  /** File name without its ending, with its folder below the language: `tools/call-sheet`. */
  readonly id: string
  readonly text: string
}

export interface ModuleSources {
  readonly folder: string
  readonly meta: ModuleMeta
  readonly metaFile: string
  readonly languages: ReadonlyMap<Language, readonly SourceFile[]>
}

/** Reads a module's folder; nothing when `module.json` cannot be read. */
export function readModule(given: string, problems: Problem[]): ModuleSources | undefined {
  const folder = resolve(given)
  const metaFile = shown(join(folder, 'module.json'))
  const meta = readMeta(join(folder, 'module.json'), problems)
  if (!meta) return undefined
  const languages = new Map(
    meta.languages.map((each) => [each, readLanguage(join(folder, each))] as const),
  )
  return { folder, meta, metaFile, languages }
}

/** How a path is named in messages. */
export const shown = (path: string): string => {
  const short = relative(process.cwd(), path)
  return (short.startsWith('..') ? path : short).split(sep).join('/')
}

function readMeta(path: string, problems: Problem[]): ModuleMeta | undefined {
  const report = reporter(problems, shown(path))
  if (!existsSync(path)) {
    report(1, 'front-matter', 'a course folder holds a module.json')
    return undefined
  }
  const text = readFileSync(path, 'utf8')
  const parsed = moduleMeta.safeParse(jsonOf(text))
  if (parsed.success) return parsed.data
  for (const { path: keys, message } of parsed.error.issues) {
    const key = String(keys.at(0) ?? '')
    const line = text.split('\n').findIndex((each) => each.includes(`"${key}"`)) + 1
    report(line || 1, 'front-matter', `${keys.join('.') || 'module.json'}: ${message}`)
  }
  return undefined
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return 'not JSON'
  }
}

function readLanguage(folder: string): SourceFile[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return []
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => name.split(sep).join('/'))
    .filter((name) => name.endsWith('.md') && basename(name) !== 'README.md')
    .sort()
    .map((name) => ({
      file: shown(join(folder, name)),
      id: name.replace(/\.md$/, ''),
      text: readFileSync(join(folder, name), 'utf8'),
    }))
}
