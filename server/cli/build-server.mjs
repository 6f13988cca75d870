import { readFileSync, writeFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import esbuild from 'esbuild'

/** What is loaded by its path: by the build, the commands, the loader, workers and migrations, and by tests of what was built. */
const loadedByPath = [
  /^server\/(index|api|config|cli\/main|store\/launcher|http\/view-compiler|domain\/people\/(links|people))\.ts$/,
  /^(server\/domain|plugins)\/[^/]+\/(index|contract)\.ts$/,
  /\/migrations\/[^/]+\.ts$/,
  /\.worker\.ts$/,
]

/** Parts shared between what is loaded by its path: each module is one whoever imports it, and few files are to be read. */
export async function buildServer(root, out, files) {
  await esbuild.build({
    entryPoints: files.filter((file) => loadedByPath.some((pattern) => pattern.test(file))),
    absWorkingDir: root,
    outdir: out,
    outbase: root,
    bundle: true,
    splitting: true,
    packages: 'external',
    chunkNames: 'chunks/[name]-[hash]',
    plugins: [ownNames(root), ownPlaces(root)],
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: 'linked',
    logLevel: 'warning',
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true, target: 'ES2022' } },
  })
  const placeOf = 'export const placeOf = (file) => new URL(file, import.meta.url).href\n'
  writeFileSync(join(out, 'place.js'), placeOf)
}

/** `#core` and the plugins' contracts are modules like all others. */
const ownNames = (root) => ({
  name: 'own-names',
  setup(builder) {
    const source = (path) => ({ path: join(root, `${path}.ts`) })
    builder.onResolve({ filter: /^#core$/ }, () => source('server/api'))
    builder.onResolve({ filter: /^#plugins\// }, ({ path }) => source(path.slice(1)))
  },
})

/** A module that asks where it lies, for what lies beside it, hears where it would lie by itself. */
const ownPlaces = (root) => ({
  name: 'own-places',
  setup(builder) {
    builder.onResolve({ filter: /^#place$/ }, ({ path }) => ({ path, external: true }))
    builder.onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8')
      if (!text.includes('import.meta.url')) return undefined
      const built = relative(root, path).split(sep).join('/').replace(/\.ts$/, '.js')
      const told = text.replaceAll('import.meta.url', `placeOf(${JSON.stringify(built)})`)
      return { contents: `import { placeOf } from '#place';${told}`, loader: 'ts' }
    })
  },
})
