import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { Worker, type WorkerOptions } from 'node:worker_threads'
import type * as Esbuild from 'esbuild'

const texts = new Map<string, string>()

/**
 * Starts a worker whose file lies beside the caller's: `./archive.worker` is the built `.js`, or, where the sources
 * themselves run (tests), its bundle, made once: a loader in each worker would take a second.
 */
export function startWorker(name: string, beside: string, options: WorkerOptions): Worker {
  if (!beside.endsWith('.ts')) return new Worker(new URL(`${name}.js`, beside), options)
  const source = fileURLToPath(new URL(`${name}.ts`, beside))
  const text = texts.get(source) ?? bundled(source)
  texts.set(source, text)
  return new Worker(text, { ...options, eval: true })
}

function bundled(source: string): string {
  const { buildSync } = createRequire(import.meta.url)('esbuild') as typeof Esbuild
  const { outputFiles } = buildSync({
    entryPoints: [source],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    logLevel: 'silent',
  })
  return outputFiles[0]?.text ?? ''
}
