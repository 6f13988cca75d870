import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectSources } from '../support/sources.js'
import { breaches } from './breaches.js'
import { leakyPlugin } from './leaky-plugin.js'
import { makeCopy } from './mutating.js'
import { mutations } from './mutations.js'

const sources = projectSources()
const results = breaches.map(({ defence, found }) => ({ defence, red: found(sources).length > 0 }))
results.push({
  defence: 'access: a subject that shows what is out of scope',
  red: accessTestGoesRed(),
})

const copy = makeCopy()
for (const mutation of mutations) {
  const { green, red } = copy.judge(mutation)
  results.push({ defence: mutation.defence, red: green && red })
}
copy.remove()

for (const { defence, red } of results)
  console.log(`${red ? 'red, as it should be' : 'STILL GREEN'}  ${defence}`)
const blind = results.filter(({ red }) => !red)
console.log(
  `\n${results.length - blind.length} of ${results.length} planted breaches were reported`,
)
process.exit(blind.length > 0 ? 1 : 0)

/** Runs the access test on a Palier with a plugin whose subject ignores the scope; only that plugin may be named. */
function accessTestGoesRed(): boolean {
  const folder = join(mkdtempSync(join(tmpdir(), 'palier-prove-')), 'leaky')
  for (const [path, text] of Object.entries(leakyPlugin)) {
    mkdirSync(join(folder, path, '..'), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  const { status, stdout } = spawnSync(
    process.execPath,
    [
      '--no-experimental-require-module',
      '--import',
      'tsx',
      'node_modules/mocha/bin/mocha.js',
      '--config',
      'test/mocharc.json',
      'test/access.test.ts',
    ],
    { encoding: 'utf8', env: { ...process.env, NODE_ENV: 'test', PLUGINS: folder } },
  )
  rmSync(join(folder, '..'), { recursive: true, force: true })
  return status !== 0 && stdout.includes('/leaky/')
}
