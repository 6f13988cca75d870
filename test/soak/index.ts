import { parseArgs } from 'node:util'
import { cutPower, record } from '../server/store/support/power-replay.js'
import { canTrace } from '../server/store/support/power-trace.js'
import { Random } from '../server/store/support/random.js'
import { killRepeatedly } from '../server/store/support/killing.js'
import { startTestStore } from '../server/store/support/store.js'
import { closeBrowser } from '../support/browser.js'
import { troubleReaders } from './browser/index.js'
import { killPalier } from './kill/index.js'

const CUTS_PER_RECORDING = 200

/** Long versions of what the suite tries shortly: `npm run soak -- kill --rounds 200`. */
const soaks: Readonly<Record<string, (rounds: number) => Promise<boolean>>> = {
  kill: killApp,
  browser: readInTrouble,
  store: killStore,
  power: losePower,
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '200' } },
})
const soak = soaks[positionals[0] ?? '']
if (!soak) {
  console.log(`npm run soak -- <${Object.keys(soaks).join(' | ')}> [--rounds <number>]`)
  process.exit(2)
}
process.exit((await soak(Number(values.rounds))) ? 0 : 1)

async function killApp(rounds: number): Promise<boolean> {
  const { acknowledged, completions, mails, problems } = await killPalier(rounds)
  console.log(
    `killed ${rounds} times, ${acknowledged} acknowledged commits, ${completions} completions, ${mails} mails`,
  )
  return nothingLost(problems)
}

async function readInTrouble(rounds: number): Promise<boolean> {
  const { rounds: done, problems } = await troubleReaders(rounds)
  await closeBrowser()
  for (const [kind, times] of Object.entries(done)) console.log(`  ${times} × ${kind}`)
  return nothingLost(problems)
}

async function killStore(rounds: number): Promise<boolean> {
  const store = await startTestStore()
  const { acknowledged, problems } = await killRepeatedly(store, rounds)
  await store.stop()
  console.log(`killed ${rounds} times, ${acknowledged} acknowledged writes`)
  return nothingLost(problems)
}

async function losePower(times: number): Promise<boolean> {
  if (!canTrace()) {
    console.log('without strace it is not seen what the store writes and flushes')
    return false
  }
  const random = new Random(Date.now())
  const problems: string[] = []
  let events = 0
  for (let left = times; left > 0; left -= CUTS_PER_RECORDING) {
    const recording = await record(random, 100)
    events += recording.events.length
    const cuts = Math.min(left, CUTS_PER_RECORDING)
    problems.push(...(await cutPower(recording, random, { cuts })))
  }
  console.log(`power cut ${times} times, somewhere in ${events} writes, flushes and answers`)
  return nothingLost(problems)
}

function nothingLost(problems: readonly string[]): boolean {
  for (const problem of problems) console.log(`  ${problem}`)
  console.log(problems.length === 0 ? 'nothing lost' : `${problems.length} problems`)
  return problems.length === 0
}
