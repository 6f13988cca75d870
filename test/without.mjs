import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'

/** `npm run test:without` runs the suite once for each plugin with that plugin turned off; ids after it choose some. */
const given = process.argv.slice(2)
const plugins = given.length > 0 ? given : readdirSync('plugins')
const failed = plugins.filter((id) => {
  console.log(`\nWithout ${id}`)
  const env = { ...process.env, PLUGINS_DISABLED: id }
  return spawnSync(process.execPath, ['test/run.mjs'], { stdio: 'inherit', env }).status !== 0
})
if (failed.length > 0) console.log(`\nThe suite fails without: ${failed.join(', ')}`)
process.exit(failed.length > 0 ? 1 : 0)
