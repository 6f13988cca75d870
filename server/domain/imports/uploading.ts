import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { Conflict, Forbidden, Invalid } from '../../errors.js'
import type { UploadedFile } from '../../http/routes.js'
import type { Actor, Id } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { isDuplicateKey } from '../../platform/database.js'
import { enqueue } from '../../platform/jobs.js'
import { scopeOf } from '../organisation/scope.js'
import { unitFor, type Unit } from '../organisation/units.js'
import { audit } from '../people/audit.js'
import { checkTable } from './checking.js'
import { folded, guessColumns, type Columns, type Field } from './columns.js'
import { dryRun, planLines, unpacked } from './dry-run.js'
import { findImport, manageImports } from './imports.js'
import { ChosenColumnsModel, ImportModel, SourceModel } from './models.js'
import type { ChosenColumns, Import, Source } from './models.js'
import { noCounts } from './progress.js'
import { readTable, refused, type Table } from './reading.js'

export interface Upload {
  /** A form's hidden id: sent twice, it uploads once. */
  readonly id?: Id | undefined
  readonly unit?: Id | undefined
  /** What the columns of the file are called, where nobody could guess. */
  readonly columns?: Readonly<Partial<Record<Field, string | undefined>>> | undefined
}

/** Lines whose dry run its sender waits for. */
const waitedFor = 300

/** How long a request waits for its own dry run before the queue takes it over. */
const patience = 60_000

/**
 * Takes a file for a unit and all below it, and works out what would become of each line. A long one is worked out in
 * the background. Throws `Invalid('imports:…')` for a file that is refused as a whole; then nothing of it is kept.
 */
export async function upload(
  actor: Actor,
  form: Upload,
  file: UploadedFile | undefined,
): Promise<Import & { isNew: boolean }> {
  if (!file) throw refused('missing')
  const unit = await unitWanted(actor, form.unit)
  const bytes = await readFile(file.path)
  const table = await readTable(bytes)
  const columns = guessColumns(table.header, await chosenIn(unit.institution, form.columns))
  checkTable(table, columns, actor.language)
  const taken = importOf(actor, { form, unit, file: file.name, table, columns })
  try {
    await SourceModel.create({ _id: taken._id, bytes: gzipSync(bytes), at: taken.at })
    await ImportModel.create(taken)
  } catch (error) {
    if (!isDuplicateKey(error)) throw error
    return { ...(await findImport(actor, taken._id)), isNew: false }
  }
  await audit(actor, 'imports:uploaded', { object: taken._id, details: { file: taken.file } })
  await rememberColumns(unit.institution, form.columns)
  await readLines(taken)
  return { ...(await findImport(actor, taken._id)), isNew: true }
}

/** Reads a file anew with other columns, and remembers them for the institution's next file. */
export async function chooseColumns(actor: Actor, given: Import, columns: Columns): Promise<void> {
  if (given.status !== 'ready') throw new Conflict('imports:busy')
  const source = await SourceModel.findById(given._id).lean<Source>()
  if (!source) throw new Conflict('imports:busy')
  if (columns.length !== given.header.length || hasTwice(columns)) throw twice(columns)
  checkTable(await readTable(unpacked(source)), columns, actor.language)
  const { modifiedCount } = await ImportModel.updateOne(
    { _id: given._id, status: 'ready' },
    { $set: { columns: [...columns], status: 'reading', seen: 0, counts: noCounts } },
  )
  if (modifiedCount === 0) throw new Conflict('imports:busy')
  await remember(
    given.institution,
    given.header.map((name, at) => ({ header: folded(name), field: columns[at] ?? null })),
  )
  await readLines(given)
}

/** What columns were called the last time somebody had to say so, by field. */
export async function columnsCalled(
  institution: Id | undefined,
): Promise<ChosenColumns['columns']> {
  if (!institution) return []
  const known = await ChosenColumnsModel.findById(institution).lean<ChosenColumns>()
  return known?.columns ?? []
}

async function unitWanted(actor: Actor, wanted: Id | undefined): Promise<Unit> {
  const { units } = scopeOf(actor, manageImports)
  const own = units.find((unit) => unit === actor.institution) ?? units[0]
  const id = wanted ?? own
  if (!id) throw new Forbidden()
  return unitFor(actor, manageImports, id)
}

async function chosenIn(
  institution: Id,
  called: Upload['columns'],
): Promise<Map<string, Field | null>> {
  const known = await columnsCalled(institution)
  const said = Object.entries(called ?? {}).flatMap(([field, header]): [string, Field][] =>
    header ? [[folded(header), field as Field]] : [],
  )
  return new Map([
    ...known.map(({ header, field }): [string, Field | null] => [header, field]),
    ...said,
  ])
}

async function rememberColumns(institution: Id, called: Upload['columns']): Promise<void> {
  const said = Object.entries(called ?? {}).flatMap(([field, header]) =>
    header ? [{ header: folded(header), field: field as Field }] : [],
  )
  if (said.length > 0) await remember(institution, said)
}

async function remember(institution: Id, said: ChosenColumns['columns']): Promise<void> {
  const known = await columnsCalled(institution)
  const others = known.filter(({ header }) => !said.some((one) => one.header === header))
  await ChosenColumnsModel.updateOne(
    { _id: institution },
    { $set: { columns: [...others, ...said].slice(-200) } },
    { upsert: true },
  )
}

interface Taken {
  readonly form: Upload
  readonly unit: Unit
  readonly file: string
  readonly table: Table
  readonly columns: Columns
}

function importOf(actor: Actor, { form, unit, file, table, columns }: Taken): Import {
  if (!actor.person) throw new Forbidden()
  return {
    _id: form.id ?? randomUUID(),
    unit: unit._id,
    units: unit.units,
    institution: unit.institution,
    by: actor.person,
    language: actor.language,
    at: now(),
    file: file.slice(0, 200),
    encoding: table.encoding,
    separator: table.separator,
    header: table.header.map((name) => name.slice(0, 200)),
    columns: [...columns],
    status: 'reading',
    lines: table.lines.length,
    seen: 0,
    counts: noCounts,
    newUnits: [],
    newPosts: 0,
  }
}

/** A short file is read while its sender waits; the queue reads long ones, and those a crash left. */
async function readLines({ _id, lines }: Import): Promise<void> {
  const short = lines <= waitedFor
  const at = new Date(Number(now()) + (short ? patience : 0))
  await enqueue(planLines, { import: _id }, { key: `${_id}:${Number(now())}`, at })
  if (short) await dryRun(_id)
}

const hasTwice = (columns: Columns): boolean => {
  const held = columns.filter((field) => field !== null)
  return new Set(held).size < held.length
}

function twice(columns: Columns): Invalid {
  const field = columns.find((one, at) => one && columns.indexOf(one) !== at) ?? ''
  const values = { column: field }
  const code = 'imports:column-twice'
  return new Invalid(code, { values, errors: [{ path: 'columns', code, values }] })
}
