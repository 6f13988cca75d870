import type { z } from 'zod'
import { Conflict } from '../../errors.js'
import type { Actor, Id } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { giveWay } from '../../platform/giving-way.js'
import { enqueue, type Job } from '../../platform/jobs.js'
import { notify } from '../notifications/notify.js'
import { personActor } from '../people/actors.js'
import { audit } from '../people/audit.js'
import { batch, ofImport } from './dry-run.js'
import { openHouse, type House } from './house.js'
import { knowing } from './knowing.js'
import { ImportModel, RowModel, SourceModel, type Import, type Row } from './models.js'
import { importApplied } from './notifying.js'
import { planLine, type Planned } from './planning.js'
import { countedRows, inTurns, tell } from './progress.js'
import { isWritten, writeSteps } from './writing.js'

/** Has a dry run applied in the background. Throws `Conflict('imports:busy')` for one that is not ready, or over. */
export async function applyImport(actor: Actor, { _id }: Import): Promise<void> {
  const { modifiedCount } = await ImportModel.updateOne(
    { _id, status: 'ready' },
    { $set: { status: 'applying', seen: 0, appliedBy: actor.person, appliedAt: now() } },
  )
  if (modifiedCount === 0) throw new Conflict('imports:busy')
  await enqueue(writeLines, { import: _id }, { key: _id })
}

/** Applies an import, batch by batch. What a crash left half done is done first; nothing is done twice. */
export const writeLines: Job<z.infer<typeof ofImport>> = {
  id: 'imports:write-lines',
  payload: ofImport,
  async run({ import: id }) {
    const given = await ImportModel.findById(id).lean<Import>()
    if (given?.status !== 'applying') return
    const actor = await personActor(given.appliedBy ?? given.by)
    await finishWriting(actor, id)
    await writeAll(actor, given)
    await conclude(actor, given)
  },
}

async function writeAll(actor: Actor, given: Import): Promise<void> {
  const house = await openHouse(given.unit)
  let seen = await RowModel.countDocuments({ import: given._id, state: 'done' })
  for (;;) {
    const rows = await RowModel.find({ import: given._id, state: 'planned' })
      .sort({ sequence: 1 })
      .limit(batch)
      .lean<Row[]>()
    if (rows.length === 0) return
    await inTurns(() => writeBatch(actor, { given, house, rows }))
    seen += rows.length
    await ImportModel.updateOne({ _id: given._id }, { $set: { seen } })
    tell(given)
  }
}

interface Batch {
  readonly given: Import
  readonly house: House
  readonly rows: readonly Row[]
}

/** Plans the lines against what is there now, notes what is to be written, writes it. */
async function writeBatch(actor: Actor, { given, house, rows }: Batch): Promise<void> {
  const at = given.appliedAt ?? now()
  const known = await knowing(
    house,
    rows.map(({ wanted }) => wanted),
    at,
  )
  const planning = { actor, language: given.language, at, house, known }
  await giveWay()
  await RowModel.bulkWrite(
    rows.map((row) => ({
      updateOne: {
        filter: { _id: row._id, state: 'planned' as const },
        update: { $set: noted(planLine(planning, row)) },
      },
    })),
    { ordered: false },
  )
  await giveWay()
  await finishWriting(actor, given._id)
}

const noted = ({ outcome, changes, faults, person, steps }: Planned): Partial<Row> => ({
  state: steps ? 'writing' : 'done',
  outcome,
  changes: [...changes],
  faults: [...faults],
  ...(person && { person }),
  ...(steps && { steps }),
})

async function finishWriting(actor: Actor, id: Id): Promise<void> {
  const rows = await RowModel.find({ import: id, state: 'writing' })
    .sort({ sequence: 1 })
    .lean<Row[]>()
  if (rows.length === 0) return
  const late = await writeSteps(actor, rows.filter(isWritten))
  if (late.size > 0) await refuseLate(id, late)
  await RowModel.updateMany({ import: id, state: 'writing' }, { $set: { state: 'done' } })
}

const refuseLate = (id: Id, late: ReadonlySet<Id>) =>
  RowModel.updateMany(
    { import: id, state: 'writing', person: { $in: [...late] } },
    {
      $set: {
        ...{
          state: 'done',
          outcome: 'refused',
          changes: [],
          faults: [{ code: 'taken-meanwhile' }],
        },
      },
      $unset: { steps: 1, person: 1 },
    },
  )

async function conclude(actor: Actor, given: Import): Promise<void> {
  const counts = await countedRows(given._id)
  await audit(actor, 'imports:applied', { object: given._id, details: { file: given.file } })
  await ImportModel.updateOne(
    { _id: given._id, status: 'applying' },
    { $set: { status: 'applied', counts, seen: given.lines } },
  )
  await SourceModel.deleteOne({ _id: given._id })
  const data = { import: given._id, file: given.file, refused: counts.refused }
  await notify(given.appliedBy ?? given.by, importApplied, { data, key: given._id })
  tell(given)
}
