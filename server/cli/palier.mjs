#!/usr/bin/env node
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { hashOfSources } from './sources.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const root = resolve(here, '../..')
const dist = join(root, 'dist')

buildWhenNeeded()
const { main } = await import(pathToFileURL(join(dist, 'server/cli/main.js')).href)
await main(process.argv.slice(2))

/** A released archive has no sources to build from: it runs what it carries. */
function buildWhenNeeded() {
  if (!existsSync(join(root, 'server/index.ts'))) return
  const built = join(dist, 'sources.hash')
  if (existsSync(built) && readFileSync(built, 'utf8') === hashOfSources(root)) return
  console.error('Palier: building…')
  const { status } = spawnSync(process.execPath, [join(here, 'build.mjs')], { stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
