import type { z } from 'zod'
import { Conflict } from '../../errors.js'
import type { Actor, Id } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { enqueue, type Job } from '../../platform/jobs.js'
import { removeEmpty } from '../organisation/rosters.js'
import { personActor } from '../people/actors.js'
import { audit } from '../people/audit.js'
import { builtOn, type BuiltOn } from './built-on.js'
import { batch, ofImport } from './dry-run.js'
import { ImportModel, RowModel, type Import, type Row } from './models.js'
import { inTurns, tell } from './progress.js'
import { isWritten, takeBackSteps } from './writing.js'

const namedAtMost = 10

/**
 * Has what an import wrote taken back in the background. Throws `Conflict('imports:built-on')` with the names of those on
 * whom somebody has built since, `imports:busy` for an import that is not applied, and `imports:forgotten` for one whose lines are gone.
 */
export async function undoImport(actor: Actor, given: Import): Promise<void> {
  if (given.status !== 'applied') throw new Conflict('imports:busy')
  if (given.forgottenAt) throw new Conflict('imports:forgotten')
  const found = await allBuiltOn(given._id)
  if (found.length > 0) throw refusal(found, actor.language)
  const { modifiedCount } = await ImportModel.updateOne(
    { _id: given._id, status: 'applied' },
    { $set: { status: 'undoing', seen: 0, undoneAt: now() } },
  )
  if (modifiedCount === 0) throw new Conflict('imports:busy')
  await audit(actor, 'imports:undone', { object: given._id, details: { file: given.file } })
  await enqueue(takeBackLines, { import: given._id }, { key: given._id })
}

/** Takes an import back, the last line first. What a crash left is taken back again. */
export const takeBackLines: Job<z.infer<typeof ofImport>> = {
  id: 'imports:take-back-lines',
  payload: ofImport,
  async run({ import: id }) {
    const given = await ImportModel.findById(id).lean<Import>()
    if (given?.status !== 'undoing') return
    const actor = await personActor(given.appliedBy ?? given.by)
    await takeAllBack(actor, given)
    await removeNew(id)
    await ImportModel.updateOne(
      { _id: id, status: 'undoing' },
      { $set: { status: 'undone', seen: given.lines } },
    )
    tell(given)
  },
}

async function takeAllBack(actor: Actor, given: Import): Promise<void> {
  let seen = given.lines - (await RowModel.countDocuments({ import: given._id, state: 'done' }))
  for (;;) {
    const rows = await RowModel.find({ import: given._id, state: 'done' })
      .sort({ sequence: -1 })
      .limit(batch)
      .lean<Row[]>()
    if (rows.length === 0) return
    await inTurns(() => takeBackSteps(actor, rows.filter(isWritten)))
    const ids = rows.map(({ _id }) => _id)
    await RowModel.updateMany({ _id: { $in: ids } }, { $set: { state: 'undone' } })
    seen += rows.length
    await ImportModel.updateOne({ _id: given._id }, { $set: { seen } })
    tell(given)
  }
}

/** Posts and units go last: until then lines may still refer to them. */
async function removeNew(id: Id): Promise<void> {
  const made = await RowModel.find(
    {
      import: id,
      $or: [
        { 'steps.house.posts.0': { $exists: true } },
        { 'steps.house.units.0': { $exists: true } },
      ],
    },
    { 'steps.house.posts._id': 1, 'steps.house.units': 1 },
  ).lean<Row[]>()
  await removeEmpty(
    made.flatMap(({ steps }) => (steps?.house.posts ?? []).map(({ _id }) => _id)),
    made.flatMap(({ steps }) => steps?.house.units ?? []),
  )
}

async function allBuiltOn(id: Id): Promise<BuiltOn[]> {
  const found: BuiltOn[] = []
  let after = -1
  for (;;) {
    const rows = await RowModel.find({ import: id, state: 'done', sequence: { $gt: after } })
      .sort({ sequence: 1 })
      .limit(batch)
      .lean<Row[]>()
    if (rows.length === 0) return found
    found.push(...(await builtOn(rows.filter(isWritten))))
    after = rows.at(-1)?.sequence ?? after
  }
}

function refusal(found: readonly BuiltOn[], language: string): Conflict {
  const names = found.slice(0, namedAtMost).map(({ name }) => name)
  const listed = found.length > namedAtMost ? [...names, '…'] : names
  return new Conflict('imports:built-on', {
    values: { count: found.length, names: new Intl.ListFormat(language).format(listed) },
    errors: found.slice(0, 100).map(({ name, reason }) => ({
      path: 'undo',
      code: `imports:${reason}`,
      values: { name },
    })),
  })
}
