import { Unavailable, type Id } from '#core'
import { RuntimeModel } from './models.js'
import type { Runtime } from './runtime/runtime.js'

const mostTries = 12

/** What a change of an attempt's state came to: the state to store, if any, and what to hand back. */
export interface Outcome<R> {
  readonly runtime?: Runtime
  readonly value: R
}

/**
 * Changes an attempt's state in one atomic update on the revision that was read; when another update came between,
 * reads and decides again. `decide` may run several times and must be pure.
 */
export async function changeRuntime<R>(
  id: Id,
  decide: (runtime: Runtime | undefined) => Outcome<R>,
): Promise<R> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const before = (await RuntimeModel.findById(id).lean<Runtime>()) ?? undefined
    const { runtime: after, value } = decide(before)
    if (!before || !after || (await store(before, after))) return value
  }
  throw new Unavailable('scorm:busy')
}

async function store(before: Runtime, after: Runtime): Promise<boolean> {
  const { modifiedCount } = await RuntimeModel.updateOne(
    { _id: before._id, revision: before.revision },
    changesBetween(before, after),
  )
  return modifiedCount === 1
}

interface Changes {
  readonly $set: Record<string, unknown>
  readonly $unset: Record<string, 1>
}

/**
 * Only what differs, down to single items and launches: a commit is a small write whatever has piled up. What is owed is
 * said again: it may have been done since it was read, and done without what is new.
 */
export function changesBetween(before: Runtime, after: Runtime): Changes {
  const changes: Changes = { $set: { ...(after.owed && { owed: after.owed }) }, $unset: {} }
  const keys = new Set([...Object.keys(before), ...Object.keys(after)] as (keyof Runtime)[])
  for (const key of keys) {
    if (before[key] === after[key]) continue
    if (after[key] === undefined) changes.$unset[key] = 1
    else if (key === 'scos') Object.assign(changes.$set, inner(key, before.scos, after.scos))
    else if (key === 'launches' && before.launches.length === after.launches.length) {
      Object.assign(changes.$set, inner(key, { ...before.launches }, { ...after.launches }))
    } else changes.$set[key] = after[key]
  }
  return changes
}

function inner(
  key: string,
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const changed = Object.entries(after).filter(([name, value]) => before[name] !== value)
  return Object.fromEntries(changed.map(([name, value]) => [`${key}.${name}`, value]))
}
