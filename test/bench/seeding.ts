import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'

/** What follows an option's name, `--people=`, where it was given. */
export const said = (options: ReadonlySet<string>, name: string): string | undefined =>
  [...options].find((option) => option.startsWith(name))?.slice(name.length)

/** Fills a data folder with the demo institution and as many invented people. Throws what the command says. */
export function seed(dataDir: string, people: number): void {
  const words = [resolve('server/cli/palier.mjs'), 'seed', '--people', String(people)]
  const env = { ...process.env, DATA_DIR: dataDir, NODE_ENV: 'development' }
  const { status, stderr } = spawnSync(process.execPath, words, { env, encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
}
