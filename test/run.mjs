import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * `npm test` runs everything; `npm test -- plugins/forum` what lies below a folder, a file, or what a pattern matches;
 * options such as `--grep` go to Mocha. PALIER_TEST_JOBS says how many run at once.
 */
const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const given = process.argv.slice(2)
const isOption = (word, at) =>
  word.startsWith('-') || /^(-g|-f|--grep|--fgrep)$/.test(given[at - 1])
const options = given.filter(isOption)
const places = given.filter((word, at) => !isOption(word, at))
const disabled = (process.env.PLUGINS_DISABLED ?? '').split(',').filter(Boolean)

const files = inOrder(withoutDisabled(wantedFiles()))
if (files.length === 0) {
  console.error(`No test lies below ${places.join(', ') || root}`)
  process.exit(1)
}
const built = run([join(root, 'server/cli/build.mjs')])
if (built !== 0) process.exit(built)
process.exit(run([...mocha(files), ...options, ...files]))

function wantedFiles() {
  const all = ['test', 'plugins'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((file) => `${folder}/${file.split(sep).join('/')}`)
      .filter((file) => /^(test|plugins\/[^/]+\/test)\/.*\.test\.ts$/.test(file)),
  )
  if (places.length === 0) return all
  return places.flatMap((place) => all.filter((file) => liesIn(file, place)))
}

function liesIn(file, place) {
  const path = relative(root, resolve(place)).split(sep).join('/')
  if (existsSync(resolve(place))) {
    return statSync(resolve(place)).isDirectory() ? file.startsWith(`${path}/`) : file === path
  }
  const pattern = path
    .replace(/[.+^$()|[\]\\]/g, '\\$&')
    .replace(/\{([^}]*)\}/g, (_, choices) => `(${choices.replaceAll(',', '|')})`)
    .replace(/\*\*\/|\*/g, (stars) => (stars === '*' ? '[^/]*' : '(.*/)?'))
  return new RegExp(`^${pattern}$`).test(file)
}

function withoutDisabled(found) {
  for (const id of disabled) console.log(`  skipped: plugins/${id} is disabled`)
  return found.filter((file) => !disabled.some((id) => file.startsWith(`plugins/${id}/`)))
}

/** What takes longest begins first, so that no process is left alone with it at the end. */
function inOrder(found) {
  const weight = (file) => (/^test\/(browser|flows)\//.test(file) ? 0 : 1)
  return [...new Set(found)].sort((a, b) => weight(a) - weight(b) || (a < b ? -1 : 1))
}

function mocha(found) {
  const jobs = Number(process.env.PALIER_TEST_JOBS ?? Math.min(availableParallelism(), 4))
  const together = jobs > 1 && found.length > 1 ? ['--parallel', '--jobs', String(jobs)] : []
  const program = join(root, 'node_modules/mocha/bin/mocha.js')
  // Mocha would load the tests by require(), beside the modules that the program imports: two of each.
  const oneGraph = '--no-experimental-require-module'
  const config = ['--config', join(root, 'test/mocharc.json')]
  return [oneGraph, '--import', 'tsx', program, ...config, ...together]
}

function run(words) {
  const env = { ...process.env, NODE_ENV: 'test', LOG_LEVEL: process.env.LOG_LEVEL ?? 'silent' }
  return spawnSync(process.execPath, words, { cwd: root, stdio: 'inherit', env }).status ?? 1
}
