import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** `npm run fuzz:store [runs] [seed]`: the store's random tests, long, with a seed that is printed. */
const [runs = '20000', seed = String(Date.now() % 2 ** 31)] = process.argv.slice(2)
const TESTS = ['key-codec', 'planner', 'frames']

console.log(`${runs} runs each, seed ${seed}: repeat with npm run fuzz:store ${runs} ${seed}`)
const files = TESTS.map((name) => fileURLToPath(new URL(`${name}.test.ts`, import.meta.url)))
const { status } = spawnSync(
  process.execPath,
  [fileURLToPath(new URL('../../run.mjs', import.meta.url)), ...files],
  { stdio: 'inherit', env: { ...process.env, STORE_FUZZ_RUNS: runs, STORE_FUZZ_SEED: seed } },
)
process.exitCode = status ?? 1
