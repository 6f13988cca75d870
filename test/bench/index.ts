import { imports } from './imports.js'
import { lists } from './lists.js'
import { pages } from './pages/index.js'
import { start } from './start.js'
import { store } from './store/index.js'

/** One figure: milliseconds, operations a second, megabytes; `ratio` to a floor that was measured in the same run. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly ratio?: number
  /** What the value, or the ratio where there is one, is meant to be. */
  readonly aim?: string
}

/** Measures one part and tells each figure as soon as it is known. */
export type Bench = (tell: (figure: Figure) => void, wanted: ReadonlySet<string>) => Promise<void>

const benches: Readonly<Record<string, Bench>> = { start, store, imports, lists, pages }

const words = process.argv.slice(2)
const options = new Set(words.filter((word) => word.startsWith('--')))
const named = words.filter((word) => !word.startsWith('--'))
const unknown = named.filter((name) => !(name in benches))
if (unknown.length > 0) {
  console.log(`npm run bench -- <${Object.keys(benches).join(' | ')}> [--json]`)
  process.exit(2)
}

for (const [name, bench] of Object.entries(benches)) {
  if (named.length > 0 && !named.includes(name)) continue
  await bench((figure) => print(name, figure), options)
}
process.exit(0)

function print(bench: string, { name, value, unit, ratio, aim }: Figure): void {
  if (options.has('--json')) {
    console.log(JSON.stringify({ bench, name, value, unit, ratio, aim }))
    return
  }
  const share = ratio === undefined ? '' : `${ratio.toFixed(2)} of the floor`
  const shown = value >= 100 ? value.toFixed(0) : value.toFixed(2)
  console.log(
    `${name.padEnd(34)} ${shown.padStart(9)} ${unit.padEnd(6)} ${share.padEnd(20)} ${aim ?? ''}`,
  )
}
