import { gunzipSync } from 'node:zlib'
import { z } from 'zod'
import type { Id } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { giveWay } from '../../platform/giving-way.js'
import type { Job } from '../../platform/jobs.js'
import { personActor } from '../people/actors.js'
import { checkTable, type Checked } from './checking.js'
import { openHouse } from './house.js'
import { knowing } from './knowing.js'
import { ImportModel, RowModel, SourceModel, type Import, type Row, type Source } from './models.js'
import { planLine, type Planned, type Planning } from './planning.js'
import { countOutcomes, inTurns, noCounts, sum, tell } from './progress.js'
import { readTable } from './reading.js'

/** How many lines are read, planned or written at a time. */
export const batch = 100

export const ofImport = z.object({ import: z.string() })

/** Plans each line of a file against what is there, and writes down what would become of it. Changes nothing else. */
export const planLines: Job<z.infer<typeof ofImport>> = {
  id: 'imports:plan-lines',
  payload: ofImport,
  run: ({ import: id }) => dryRun(id),
}

/** The dry run of an import that is being read. Run again, it begins anew. */
export async function dryRun(id: Id): Promise<void> {
  const [given, source] = await Promise.all([
    ImportModel.findById(id).lean<Import>(),
    SourceModel.findById(id).lean<Source>(),
  ])
  if (given?.status !== 'reading' || !source) return
  const table = await readTable(unpacked(source))
  const checked = leaversFirst(checkTable(table, given.columns, given.language))
  await RowModel.deleteMany({ import: id })
  await ImportModel.updateOne({ _id: id }, { $set: { seen: 0, counts: noCounts } })
  const found = await planAll(given, checked)
  await ImportModel.updateOne(
    { _id: id, status: 'reading' },
    { $set: { status: 'ready', seen: checked.length, ...found } },
  )
  tell(given)
}

/** The bytes of a file as they came. */
export const unpacked = ({ bytes }: Source): Buffer => gunzipSync(asBuffer(bytes))

type Found = Pick<Import, 'counts' | 'newUnits' | 'newPosts'>

async function planAll(given: Import, checked: readonly Checked[]): Promise<Found> {
  const house = await openHouse(given.unit)
  const actor = await personActor(given.by)
  const planning = { actor, language: given.language, at: now(), house }
  const news = new Set<string>()
  let counts = noCounts
  let newPosts = 0
  for (let from = 0; from < checked.length; from += batch) {
    const some = checked.slice(from, from + batch)
    await inTurns(async () => {
      const planned = await planBatch(planning, some)
      await giveWay()
      await RowModel.insertMany(
        planned.map((plan, at) => rowOf(given, { at: from + at, checked: some[at], plan })),
        { lean: true },
      )
      for (const name of planned.flatMap(unitNames)) news.add(name)
      newPosts += planned.flatMap(({ steps }) => steps?.house.posts ?? []).length
      counts = sum(counts, countOutcomes(planned))
    })
    await ImportModel.updateOne({ _id: given._id }, { $set: { seen: from + some.length, counts } })
    tell(given)
  }
  return { counts, newUnits: [...news], newPosts }
}

async function planBatch(
  planning: Omit<Planning, 'known'>,
  some: readonly Checked[],
): Promise<Planned[]> {
  const wanted = some.map((one) => one.wanted)
  const known = await knowing(planning.house, wanted, planning.at)
  return some.map((one) => planLine({ ...planning, known }, one))
}

const unitNames = ({ steps }: Planned): string[] =>
  (steps?.house.units ?? []).map(({ name }) => name)

interface Numbered {
  readonly at: number
  readonly checked: Checked | undefined
  readonly plan: Planned
}

function rowOf({ _id }: Import, { at, checked, plan }: Numbered): Row {
  if (!checked) throw new Error('a plan without its line')
  const { line, name, wanted } = checked
  return {
    _id: rowId(_id, at),
    import: _id,
    sequence: at,
    ...{ line, name, wanted },
    state: 'planned',
    outcome: plan.outcome,
    changes: [...plan.changes],
    faults: [...plan.faults],
  }
}

export const rowId = (id: Id, sequence: number): Id => `${id}:${String(sequence).padStart(6, '0')}`

/** Their posts are then free for those who come. */
const leaversFirst = (checked: readonly Checked[]): Checked[] => [
  ...checked.filter(({ wanted }) => wanted.until),
  ...checked.filter(({ wanted }) => !wanted.until),
]

/** As drivers give bytes back: their own binary type, or a buffer. */
const asBuffer = (bytes: Buffer | { readonly buffer: Uint8Array }): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer)
