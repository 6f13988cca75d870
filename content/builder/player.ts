import { join } from 'node:path'
import esbuild from 'esbuild'
import { contentFolder } from './texts.js'

export interface PlayerFiles {
  readonly script: string
  readonly style: string
}

let bundled: Promise<PlayerFiles> | undefined

/** The player's script and style, each one small file; bundled once per process. */
export function playerFiles(): Promise<PlayerFiles> {
  bundled ??= bundle()
  return bundled
}

/** A classic script, since a module is refused where a page is opened by a double click. */
async function bundle(): Promise<PlayerFiles> {
  const folder = contentFolder('player')
  const { outputFiles } = await esbuild.build({
    entryPoints: [join(folder, 'main.ts'), join(folder, 'player.css')],
    bundle: true,
    minify: true,
    write: false,
    outdir: '/',
    format: 'iife',
    platform: 'browser',
    target: 'es2020',
    legalComments: 'none',
    logLevel: 'silent',
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
  })
  // Its process would stay as long as ours, for nothing.
  await esbuild.stop()
  const text = (ending: string): string =>
    outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? ''
  return { script: text('.js'), style: text('.css') }
}
