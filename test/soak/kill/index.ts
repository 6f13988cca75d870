import { execFileSync } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'
import { openMailbox, type Mailbox } from '../../support/mailbox.js'
import { removeData, startPalier, type Palier } from '../../support/palier.js'
import { settledOutcomes, type Taken } from './outcomes.js'
import { School, type Place } from './school.js'

const learners = 8
const commitsPerSecond = 50
const chanceToPass = 0.1
const shortestMs = 200
const longestMs = 1500
const longestMailMs = 30_000
const victims = ['app', 'store', 'both'] as const
type Victim = (typeof victims)[number]

/** What rounds of killing brought to light. */
export interface Kills {
  readonly acknowledged: number
  readonly completions: number
  readonly mails: number
  readonly problems: readonly string[]
}

/**
 * Kills app, store or both, in turn, at random moments under fifty commits a second, and compares what Palier then holds with what
 * was acknowledged: nothing lost, torn or applied twice, and each completion's consequences exactly once, ten seconds later.
 */
export async function killPalier(rounds: number): Promise<Kills> {
  const mailbox = await openMailbox()
  const env = { SMTP_URL: mailbox.smtpUrl }
  let palier = await startPalier({ env })
  const problems: string[] = []
  const taken: Taken[] = []
  try {
    const school = new School(palier.url)
    const places = await school.places(rounds * learners, learners)
    for (let round = 0; round < rounds && problems.length === 0; round += 1) {
      const now = await begun(school, places.slice(round * learners, (round + 1) * learners))
      const victim = victims[round % victims.length] ?? 'both'
      palier = await oneRound(palier, { taken: now, victim, env })
      const found = await problemsOf(palier, now)
      problems.push(...found.map((problem) => `round ${round}, ${victim} killed: ${problem}`))
      taken.push(...now)
    }
    problems.push(...(await mailProblems(mailbox, taken)))
  } finally {
    await palier.stop()
    await mailbox.close()
    removeData()
  }
  const acknowledged = taken.reduce((sum, { learner }) => sum + learner.acknowledged, 0)
  return {
    acknowledged,
    completions: taken.filter(({ learner }) => learner.hasPassed).length,
    mails: mailbox.received.length,
    problems,
  }
}

const begun = (school: School, places: readonly Place[]): Promise<Taken[]> =>
  Promise.all(places.map(async (place) => ({ ...place, learner: await school.begin(place) })))

interface Round {
  readonly taken: readonly Taken[]
  readonly victim: Victim
  readonly env: Readonly<Record<string, string>>
}

async function oneRound(palier: Palier, { taken, victim, env }: Round): Promise<Palier> {
  const isOver = { yet: false }
  const playing = Promise.all(taken.map((one) => play(one, isOver)))
  await wait(shortestMs + Math.random() * (longestMs - shortestMs))
  if (victim !== 'app') process.kill(storeOf(palier), 'SIGKILL')
  if (victim !== 'store') await palier.kill()
  isOver.yet = true
  const after = victim === 'store' ? palier : await startPalier({ env, again: palier })
  await playing
  await untilReady(after)
  return after
}

/** A store that is killed often is started again later and later. */
async function untilReady({ url }: Palier): Promise<void> {
  const isReady = () => fetch(new URL('/ready', url)).then(({ ok }) => ok)
  for (let waited = 0; !(await isReady()); waited += 100) {
    if (waited > 60_000) throw new Error('Palier is not ready a minute after a kill')
    await wait(100)
  }
}

/** Commits one after the other until it is over: the last one is insisted on all the same. */
async function play({ learner }: Taken, isOver: { readonly yet: boolean }): Promise<void> {
  while (!isOver.yet && !learner.hasPassed) {
    await learner.commit(Math.random() < chanceToPass)
    await wait((learners / commitsPerSecond) * 1000 * Math.random() * 2)
  }
}

/** What is held comes first: asking for the state opens it anew. */
async function problemsOf(palier: Palier, taken: readonly Taken[]): Promise<string[]> {
  const held = await settledOutcomes(palier.dataDir, taken)
  const given = await Promise.all(taken.map(({ learner }) => learner.problems()))
  return [...held, ...given.flat()]
}

/** The store is the app's own child. */
function storeOf({ pid }: Palier): number {
  const children = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(pid)], {
    encoding: 'utf8',
  })
  const line = children.split('\n').find((one) => one.includes('store'))
  return Number(line?.trim().split(/\s+/)[0])
}

/** Each badge was told by mail, at least once; told twice, it is the same mail. */
async function mailProblems({ received }: Mailbox, taken: readonly Taken[]): Promise<string[]> {
  const passed = taken.filter(({ learner }) => learner.hasPassed)
  const idsOf = ({ person, course }: Taken): Set<string> => {
    const sent = received.flatMap((mail) => /^Message-ID:\s*(\S+)/im.exec(mail)?.[1] ?? [])
    return new Set(sent.filter((id) => id.includes(person.id) && id.includes(course.badge)))
  }
  const untold = () => passed.filter((one) => idsOf(one).size !== 1)
  for (let waited = 0; waited < longestMailMs && untold().length > 0; waited += 500) await wait(500)
  return untold().map(
    (one) => `${one.person.id}: ${idsOf(one).size} mails about ${one.course.badge}`,
  )
}
