import type { Id } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { isDuplicateKey } from '../../platform/database.js'
import type { Job } from '../../platform/jobs.js'
import { announce } from '../../platform/outbox.js'
import { owes, settle as settleOwed } from '../../platform/owed.js'
import { EvidenceModel, LevelModel, type Evidence, type Level } from './models.js'
import { settle, type Settled } from './rules.js'
import './contract.js'

const levelId = (person: Id, competency: Id): Id => `${person}|${competency}`

/**
 * Works out a person's level in a competency from all evidence, and owes its announcement when it changed. It always
 * writes, on the revision read before the evidence: of two that settle at once, one starts again and sees all.
 */
export async function settleLevel(person: Id, competency: Id): Promise<void> {
  const _id = levelId(person, competency)
  for (let tries = 0; tries < 20; tries += 1) {
    const before = await LevelModel.findById(_id).lean<Level>()
    if (before?.owed) {
      await settleOwed(LevelModel, _id)
      continue
    }
    const evidence = await EvidenceModel.find({ person, competency }).lean<Evidence[]>()
    const settled = settle(evidence, now())
    if (await write({ person, competency, before, settled })) return settleOwed(LevelModel, _id)
  }
  throw new Error(`the level ${_id} keeps changing`)
}

/** Levels of some people, for lists that were made within the actor's scope. */
export const levelsOfPeople = (
  people: readonly Id[],
  competencies?: readonly Id[],
): Promise<Level[]> =>
  LevelModel.find({
    person: { $in: [...people] },
    ...(competencies && { competency: { $in: [...competencies] } }),
  }).lean<Level[]>()

/** Everything a person's levels stand on, the newest first. */
export const evidenceOf = (person: Id): Promise<Evidence[]> =>
  EvidenceModel.find({ person }).sort({ at: -1 }).limit(500).lean<Evidence[]>()

/** Settles again the levels whose deciding evidence no longer counts. */
export const expireLevels: Job = {
  id: 'competencies:expire-levels',
  every: '1 hour',
  run: async () => {
    const expired = await LevelModel.find({ expiresAt: { $exists: true, $lte: now() } })
      .limit(1000)
      .lean<Level[]>()
    for (const { person, competency } of expired) await settleLevel(person, competency)
  },
}

/** Ties the steps: evidence settles its level, a changed level is announced. */
export function startLevels(): void {
  owes(EvidenceModel, {
    settle: async ({ person, competency }: Evidence) => settleLevel(person, competency),
  })
  owes(LevelModel, { announce: announceChange })
}

/** Levels from evidence alone, without announcing: for seeds and for those who rebuild. */
export async function settleQuietly(people: readonly Id[]): Promise<void> {
  const [evidence, before] = await Promise.all([
    EvidenceModel.find({ person: { $in: [...people] } }).lean<Evidence[]>(),
    levelsOfPeople(people),
  ])
  const known = new Set(before.map(({ _id }) => _id))
  const settled = [...groupById(evidence)].map(([_id, [first, ...rest]]) => {
    const { person, competency } = first
    return { _id, person, competency, settledAt: now(), ...settle([first, ...rest], now()) }
  })
  const made = settled.filter(({ _id }) => !known.has(_id)).map((one) => ({ ...one, revision: 1 }))
  if (made.length > 0) await LevelModel.collection.insertMany(made as never)
  const changed = settled.filter(({ _id }) => known.has(_id)).map(quietUpdate)
  if (changed.length > 0) await LevelModel.collection.bulkWrite(changed as never)
}

const quietUpdate = ({ _id, ...settled }: Settled & { readonly _id: Id }) => ({
  updateOne: {
    filter: { _id },
    update: { $set: settled, ...unsetOf(settled), $inc: { revision: 1 } },
  },
})

type Some = [Evidence, ...Evidence[]]

function groupById(evidence: readonly Evidence[]): Map<Id, Some> {
  const groups = new Map<Id, Some>()
  for (const one of evidence) {
    const id = levelId(one.person, one.competency)
    const group = groups.get(id)
    if (group) group.push(one)
    else groups.set(id, [one])
  }
  return groups
}

interface Change {
  readonly person: Id
  readonly competency: Id
  readonly before: Level | null
  readonly settled: Settled
}

/** Writes on the revision that was read before the evidence: evidence that came meanwhile makes it start again. */
async function write({ person, competency, before, settled }: Change): Promise<boolean> {
  const from = before?.level ?? 0
  const changed = settled.level !== from
  const change = { from, to: settled.level, number: (before?.change?.number ?? 0) + 1 }
  const next = { ...settled, settledAt: now(), ...(changed && { change, owed: ['announce'] }) }
  const _id = levelId(person, competency)
  if (before) {
    const { modifiedCount } = await LevelModel.updateOne(
      { _id, revision: before.revision },
      { $set: next, ...unsetOf(settled), $inc: { revision: 1 } },
    )
    return modifiedCount === 1
  }
  try {
    await LevelModel.collection.insertOne({
      _id,
      person,
      competency,
      ...next,
      revision: 1,
    } as never)
    return true
  } catch (error) {
    if (isDuplicateKey(error)) return false
    throw error
  }
}

/** What no longer holds is taken away; nothing to take away is no `$unset` at all. */
function unsetOf(settled: Settled): { $unset?: Record<string, 1> } {
  const gone = (['self', 'decidedBy', 'expiresAt'] as const).filter(
    (field) => settled[field] === undefined,
  )
  return gone.length > 0 ? { $unset: Object.fromEntries(gone.map((field) => [field, 1])) } : {}
}

async function announceChange({ person, competency, change }: Level): Promise<void> {
  if (!change) return
  const framework = competency.split(':')[0] ?? ''
  const { from, to, number } = change
  await announce(
    'competencies:level-changed',
    { person, competency, framework, from, to, change: number },
    { key: `${levelId(person, competency)}|${number}`, subject: person },
  )
}
