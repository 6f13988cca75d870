import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  cpSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Plugin as EsbuildPlugin } from 'esbuild'
import { appRoot, fromSources, type FeatureFolder } from './paths.js'

const kept = ['locales', 'views', 'migrations']

/**
 * Compiles plugins that lie outside (folders, or npm packages) into `DATA_DIR/cache/plugins/<hash>/<id>`, with `#core`,
 * contracts, mongoose and zod being the running ones. Compiled once per content; what is wrong with each is told apart.
 */
export async function compileOutside(
  places: readonly string[],
  dataDir: string,
): Promise<PromiseSettledResult<FeatureFolder>[]> {
  const results = await Promise.allSettled(places.map((place) => compileOne(place, dataDir)))
  await endCompiler?.()
  endCompiler = undefined
  return results
}

let endCompiler: (() => Promise<void>) | undefined

async function compileOne(place: string, dataDir: string): Promise<FeatureFolder> {
  const source = folderOf(place)
  const id = basename(source)
  const folder = join(dataDir, 'cache', 'plugins', hashOf(source), id)
  if (!existsSync(folder)) await compile(source, folder)
  return { id, path: folder, core: false }
}

function folderOf(place: string): string {
  const folder = resolve(place)
  if (existsSync(join(folder, 'index.ts')) || existsSync(join(folder, 'index.js'))) return folder
  try {
    const found = createRequire(join(process.cwd(), 'package.json')).resolve(
      `${place}/package.json`,
    )
    return resolve(found, '..')
  } catch (error) {
    throw new Error(
      `PLUGINS names ${place}, which is neither a folder with an index nor a package`,
      { cause: error },
    )
  }
}

function hashOf(source: string): string {
  const hash = createHash('sha256').update(appRoot)
  const files = readdirSync(source, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  for (const file of files) hash.update(file).update(readFileSync(file))
  return hash.digest('hex').slice(0, 24)
}

async function compile(source: string, folder: string): Promise<void> {
  const { build, stop } = await import('esbuild')
  endCompiler = stop
  const temporary = `${folder}.${process.pid}`
  mkdirSync(temporary, { recursive: true })
  await build({
    entryPoints: [join(source, existsSync(join(source, 'index.ts')) ? 'index.ts' : 'index.js')],
    outdir: temporary,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'silent',
    plugins: [running],
  })
  for (const part of kept) {
    if (existsSync(join(source, part)))
      cpSync(join(source, part), join(temporary, part), { recursive: true })
  }
  await compileViews(temporary)
  writeFileSync(join(temporary, 'package.json'), '{ "type": "module" }\n')
  rmSync(folder, { recursive: true, force: true })
  renameSync(temporary, folder)
}

/** The running program's own modules stay what they are: one kernel, one mongoose, one zod. */
const running: EsbuildPlugin = {
  name: 'running',
  setup(builder) {
    const ending = fromSources ? 'ts' : 'js'
    const external = (path: string): { path: string; external: boolean } => ({
      path: pathToFileURL(path).href,
      external: true,
    })
    builder.onResolve({ filter: /^#core$/ }, () => external(join(appRoot, `server/api.${ending}`)))
    builder.onResolve({ filter: /^#plugins\/[^/]+\/contract$/ }, ({ path }) =>
      external(join(appRoot, `${path.slice(1)}.${ending}`)),
    )
    builder.onResolve({ filter: /^(mongoose|zod)$/ }, ({ path }) => ({
      path: import.meta.resolve(path),
      external: true,
    }))
  },
}

async function compileViews(folder: string): Promise<void> {
  const views = join(folder, 'views')
  if (!existsSync(views)) return
  const { viewSource } = await import('./http/view-compiler.js')
  const id = basename(folder).replace(/\.\d+$/, '')
  const entries = readdirSync(views)
    .filter((file) => file.endsWith('.ejs'))
    .map((file) => {
      const name = JSON.stringify(`${id}:${basename(file, '.ejs')}`)
      const body = viewSource(readFileSync(join(views, file), 'utf8'))
      return `  ${name}: function (l, escapeFn, include, rethrow) {\n${body}\n  },`
    })
  writeFileSync(join(folder, 'views.js'), `export default {\n${entries.join('\n')}\n}\n`)
}
