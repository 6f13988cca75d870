import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import yazl from 'yazl'
import type { Target } from '../player/course.js'
import { compile } from './compile.js'
import { checkModule } from './lint.js'
import { layOut, type PackageFiles } from './pack.js'
import type { Problem } from './problems.js'
import { readModule, type Language } from './sources.js'

export interface Built {
  readonly problems: readonly Problem[]
  /** The packages; none when an error stopped the build. */
  readonly written: readonly { readonly path: string; readonly bytes: number }[]
}

const targets: readonly Target[] = ['scorm12', 'scorm2004', 'web']

/** Writes every package of a module into a folder. With an error in the sources nothing is written. */
export async function buildModule(folder: string, out: string): Promise<Built> {
  const { problems, sources, compiled } = checkModule(folder)
  if (!sources || problems.some(({ level }) => level === 'error')) return { problems, written: [] }
  const written: { path: string; bytes: number }[] = []
  mkdirSync(out, { recursive: true })
  for (const [language, made] of compiled) {
    for (const target of targets) {
      const path = join(out, `${sources.meta.id}-${language}-${target}`)
      const files = await layOut(made, target)
      if (target === 'web') writeFolder(path, files)
      const zip = await zipped(files)
      writeFileSync(`${path}.zip`, zip)
      written.push({ path: `${path}.zip`, bytes: zip.length })
    }
  }
  return { problems, written }
}

/** One package of one language, zipped. Throws, with every error of the sources, when there are any. */
export async function packageOf(
  folder: string,
  language: Language,
  target: Target,
): Promise<Buffer> {
  const problems: Problem[] = []
  const sources = readModule(folder, problems)
  const made = sources?.languages.has(language) && compile(sources, language, problems)
  const errors = problems.filter(({ level }) => level === 'error')
  if (!made || errors.length > 0) {
    throw new Error(`${folder} cannot be built in ${language}`, { cause: errors })
  }
  return zipped(await layOut(made, target))
}

/** The same files make the same bytes: a package is known by its hash. */
async function zipped(files: PackageFiles): Promise<Buffer> {
  const zip = new yazl.ZipFile()
  const mtime = new Date(2026, 0, 1)
  for (const [path, bytes] of files) zip.addBuffer(bytes, path, { mtime, forceDosTimestamp: true })
  zip.end()
  return buffer(zip.outputStream)
}

function writeFolder(folder: string, files: PackageFiles): void {
  rmSync(folder, { recursive: true, force: true })
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), bytes)
  }
}
