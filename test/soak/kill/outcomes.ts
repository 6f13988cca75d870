import { setTimeout as wait } from 'node:timers/promises'
import { MongoClient, type Db } from 'mongodb'
import { runningStore } from '../../../server/cli/running-store.js'
import { competency, level, type Place } from './school.js'
import type { SteadfastLearner } from './steadfast-learner.js'

/** A place with the one who took it. */
export interface Taken extends Place {
  readonly learner: SteadfastLearner
}

const withinMs = 10_000

/** Looks into the store of a running Palier until everybody has what they earned, once; what is amiss after ten seconds. */
export async function settledOutcomes(dataDir: string, taken: readonly Taken[]): Promise<string[]> {
  const until = performance.now() + withinMs
  for (;;) {
    const problems = await outcomes(dataDir, taken)
    if (problems.length === 0 || performance.now() > until) return problems
    await wait(200)
  }
}

async function outcomes(dataDir: string, taken: readonly Taken[]): Promise<string[]> {
  const uri = await runningStore(dataDir)
  if (!uri) return ['the store does not run']
  const client = await new MongoClient(uri).connect()
  try {
    const all = await Promise.all(taken.map((one) => outcome(client.db(), one)))
    return all.flat()
  } finally {
    await client.close()
  }
}

async function outcome(db: Db, { person: { id: person }, course, learner }: Taken) {
  const expected = learner.hasPassed ? 1 : 0
  const count = (name: string, filter: object) => db.collection(name).countDocuments(filter)
  const [applied, completions, evidence, awards, told, standing] = await Promise.all([
    appliedCommits(db, learner.attempt),
    count('learning_completions', { person, course: course.id }),
    count('competencies_evidence', { person, sourceId: `${person}|${course.id}|1` }),
    count('badges_awards', { person, badge: course.badge }),
    count('notifications_notifications', { person, 'data.badge': course.badge }),
    db.collection('competencies_levels').findOne({ _id: `${person}|${competency}` as never }),
  ])
  const counts = Object.entries({ completions, evidence, awards, told })
  const who = `${person} in ${course.id}`
  return [
    ...counts.flatMap(([name, found]) =>
      found === expected ? [] : [`${who}: ${found} ${name} instead of ${expected}`],
    ),
    ...(applied === learner.acknowledged
      ? []
      : [`${who}: ${applied} commits applied, ${learner.acknowledged} acknowledged`]),
    ...(!learner.hasPassed || (standing?.['level'] === level && !standing['owed'])
      ? []
      : [`${who}: level ${String(standing?.['level'])}, owing ${String(standing?.['owed'])}`]),
  ]
}

async function appliedCommits(db: Db, attempt: string): Promise<number> {
  const runtime = await db.collection('scorm_runtimes').findOne({ _id: attempt as never })
  const launches = (runtime?.['launches'] ?? []) as { applied: number }[]
  return launches.reduce((sum, { applied }) => sum + applied, 0)
}
