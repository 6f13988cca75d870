import { spawnSync } from 'node:child_process'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const wanted = process.argv.slice(2)
const mocha = join(root, 'node_modules/mocha/bin/mocha.js')

/** `npm test` runs everything; `npm test -- plugins/forum` what lies below a path. */
const patterns = wanted.length > 0 ? wanted : ['test/**/*.test.ts', 'plugins/*/test/**/*.test.ts']

const built = spawnSync(process.execPath, [join(root, 'server/cli/build.mjs')], {
  cwd: root,
  stdio: 'inherit',
})
if (built.status !== 0) process.exit(built.status ?? 1)

// Mocha would load the tests by require(), beside the modules that the program imports: two of each.
const oneGraph = '--no-experimental-require-module'

const { status } = spawnSync(
  process.execPath,
  [oneGraph, '--import', 'tsx', mocha, '--config', join(root, 'test/mocharc.json'), ...patterns],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, NODE_ENV: 'test', LOG_LEVEL: process.env.LOG_LEVEL ?? 'silent' },
  },
)
process.exit(status ?? 1)
