import { killRepeatedly } from '../server/store/support/killing.js'
import { startTestStore } from '../server/store/support/store.js'

/** Long versions of what the suite tries shortly: `npm run soak -- store 200`. */
const soaks: Readonly<Record<string, (times: number) => Promise<boolean>>> = { store: killStore }

const [name = '', times = '100'] = process.argv.slice(2)
const soak = soaks[name]
if (!soak) {
  console.log(`npm run soak -- <${Object.keys(soaks).join(' | ')}> [times]`)
  process.exit(2)
}
process.exit((await soak(Number(times))) ? 0 : 1)

async function killStore(rounds: number): Promise<boolean> {
  const store = await startTestStore()
  const { acknowledged, problems } = await killRepeatedly(store, rounds)
  await store.stop()
  console.log(`killed ${rounds} times, ${acknowledged} acknowledged writes`)
  for (const problem of problems) console.log(`  ${problem}`)
  console.log(problems.length === 0 ? 'nothing lost' : `${problems.length} problems`)
  return problems.length === 0
}
