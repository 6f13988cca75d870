import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { setTimeout as wait } from 'node:timers/promises'
import esbuild from 'esbuild'
import { buildServer } from './build-server.mjs'
import { hashOfSources, sourceFiles } from './sources.mjs'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const dist = join(root, 'dist')
const out = join(root, `dist.${process.pid}`)
const lock = join(root, 'dist.lock')

const clientOptions = {
  bundle: true,
  outdir: join(out, 'assets'),
  absWorkingDir: root,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  assetNames: 'files/[name]-[hash]',
  minify: true,
  metafile: true,
  legalComments: 'none',
  logLevel: 'warning',
  loader: { '.svg': 'file', '.woff2': 'file', '.png': 'file' },
}

await underLock(async () => {
  rmSync(out, { recursive: true, force: true })
  const files = sourceFiles(root)
  await Promise.all([buildServer(root, out, files), buildClient(files)])
  await bundleStore()
  copyData(files)
  await compileViews(files)
  writePackage()
  writeFileSync(join(out, 'sources.hash'), hashOfSources(root))
  rmSync(`${dist}.old`, { recursive: true, force: true })
  if (existsSync(dist)) renameSync(dist, `${dist}.old`)
  renameSync(out, dist)
  rmSync(`${dist}.old`, { recursive: true, force: true })
})

/** Two commands started at once build once after the other, never into each other. */
async function underLock(work) {
  for (let tries = 0; ; tries += 1) {
    try {
      mkdirSync(lock)
      break
    } catch (error) {
      if (error.code !== 'EEXIST' || tries > 300) throw error
      await wait(200)
      if (tries === 100) rmSync(lock, { recursive: true, force: true })
    }
  }
  try {
    await work()
  } finally {
    rmSync(lock, { recursive: true, force: true })
    rmSync(out, { recursive: true, force: true })
  }
}

/** The player is bundled into each package; what a course is, its builder must know as well. */
function isPlayer(file) {
  return file.startsWith('content/player/') && file !== 'content/player/course.ts'
}

function isClient(file) {
  return /(^|\/)assets\//.test(file) || isPlayer(file)
}

/** The store is a program of its own: in one file it starts in half the time. */
async function bundleStore() {
  await esbuild.build({
    entryPoints: [join(root, 'server/store/main.ts')],
    outfile: join(out, 'server/store/main.js'),
    bundle: true,
    packages: 'external',
    allowOverwrite: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: 'linked',
    logLevel: 'warning',
  })
}

async function buildClient(files) {
  const entries = files.filter((file) => /assets\/[^/]+\.entry\.ts$/.test(file))
  const built = await esbuild.build({
    stdin: { contents: appEntry(files), resolveDir: root, sourcefile: 'app.ts', loader: 'ts' },
    ...clientOptions,
    entryNames: 'app-[hash]',
  })
  const extra = entries.length
    ? await esbuild.build({
        entryPoints: Object.fromEntries(entries.map((file) => [entryName(file), join(root, file)])),
        ...clientOptions,
        entryNames: '[dir]/[name]-[hash]',
      })
    : { metafile: { outputs: {} } }
  const style = await esbuild.build({
    stdin: { contents: styleEntry(files), resolveDir: root, loader: 'css', sourcefile: 'app.css' },
    ...clientOptions,
    entryNames: 'app-[hash]',
    splitting: false,
  })
  const manifest = {
    'app.js': outputOf(built, (output) => output.entryPoint === 'app.ts'),
    'app.css': outputOf(style, (output) => output.entryPoint === 'app.css'),
  }
  for (const file of entries) {
    manifest[`${entryName(file)}.js`] = outputOf(extra, (output) => output.entryPoint === file)
  }
  cpSync(join(root, 'views/assets/icon.svg'), join(out, 'assets/icon.svg'))
  writeFileSync(join(out, 'assets/manifest.json'), JSON.stringify(manifest, null, 2))
}

/** The feature a file belongs to: a plugin's folder name, or `core` for `views/assets/`. */
function featureOf(file) {
  return /^plugins\/([^/]+)\//.exec(file)?.[1] ?? 'core'
}

function entryName(file) {
  return `${featureOf(file)}/${basename(file).replace(/\.entry\.ts$/, '')}`
}

/** One bundle: the shell's own start, and every feature's Stimulus controllers under `feature--name`. */
function appEntry(files) {
  const controllers = files.filter((file) => /assets\/[^/]+\.controller\.ts$/.test(file))
  const lines = controllers.map((file, at) => {
    const name = basename(file).replace(/\.controller\.ts$/, '')
    const feature = featureOf(file)
    const identifier = feature === 'core' ? name : `${feature}--${name}`
    return `import C${at} from './${file}'\napplication.register('${identifier}', C${at})`
  })
  return ["import { application } from './views/assets/app.ts'", ...lines].join('\n')
}

function styleEntry(files) {
  const styles = files.filter(
    (file) => /assets\/[^/]+\.css$/.test(file) && !file.includes('.entry.'),
  )
  const rank = (file) => ['tokens.css', 'base.css'].indexOf(basename(file)) >>> 0
  const shell = (file) => (file.startsWith('views/') ? 0 : 1)
  return styles
    .sort((a, b) => shell(a) - shell(b) || rank(a) - rank(b) || a.localeCompare(b))
    .map((file) => `@import './${file}';`)
    .join('\n')
}

function outputOf({ metafile }, matches) {
  const [path] = Object.entries(metafile.outputs).find(([, output]) => matches(output)) ?? []
  return path?.split('/assets/').slice(1).join('/assets/')
}

/** Texts, demo data and packed courses are read where their feature lies. */
function copyData(files) {
  const wanted = /\.(json|csv|md|zip|svg|txt|html|mjs)$/
  for (const file of files) {
    if (isClient(file) && !isPlayer(file)) continue
    if (!wanted.test(file) && !file.startsWith('content/player/')) continue
    mkdirSync(dirname(join(out, file)), { recursive: true })
    cpSync(join(root, file), join(out, file))
  }
}

async function compileViews(files) {
  const compiler = join(out, 'server/http/view-compiler.js')
  const { viewSource } = await import(pathToFileURL(compiler).href)
  const views = files.filter((file) => file.endsWith('.ejs'))
  const entries = views.map((file) => {
    const source = viewSource(readFileSync(join(root, file), 'utf8'))
    return `  ${JSON.stringify(viewName(file))}: function (l, escapeFn, include, rethrow) {\n${source}\n  },`
  })
  writeFileSync(join(out, 'views.js'), `export default {\n${entries.join('\n')}\n}\n`)
}

/** `plugins/scorm/views/player.ejs` is `scorm:player`; `views/partials/field.ejs` is `core:field`. */
function viewName(file) {
  const [, plugin, inPlugin] = /^plugins\/([^/]+)\/views\/(.+)\.ejs$/.exec(file) ?? []
  if (plugin) return `${plugin}:${inPlugin}`
  const [, folder, name] = /^views\/([^/]+)\/(.+)\.ejs$/.exec(file) ?? []
  return `${folder === 'partials' ? 'core' : folder}:${name}`
}

function writePackage() {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const imports = {
    '#place': './place.js',
    '#core': './server/api.js',
    '#plugins/*/contract': './plugins/*/contract.js',
  }
  writeFileSync(
    join(out, 'package.json'),
    JSON.stringify({ version, type: 'module', imports }, null, 2),
  )
}
