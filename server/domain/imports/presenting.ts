import type { z } from 'zod'
import { messageOf } from '../../http/on-error.js'
import { toPage } from '../../http/lists.js'
import type { Actor, Id } from '../../kernel/contract.js'
import { unitChoices, unitsNamed } from '../organisation/units.js'
import { peopleNamed } from '../people/people.js'
import { faultValues } from './checking.js'
import { fields, type Field } from './columns.js'
import { manageImports, rowsOf, type Import, type Row, type RowQuery } from './imports.js'
import { lettersWanted } from './lettering.js'
import { changeSaid, type Reader } from './wording.js'
import type { importLine, importShown, newImportShown, rowShown } from './shown.js'
import { columnsCalled } from './uploading.js'

/** Imports as lists show them. */
export async function importLines(
  imports: readonly Import[],
  language: string,
): Promise<z.input<typeof importLine>[]> {
  const [people, units] = await Promise.all([
    peopleNamed(imports.map(({ by }) => by)),
    unitsNamed(
      imports.map(({ unit }) => unit),
      language,
    ),
  ])
  return imports.map((one) => ({
    id: one._id,
    file: one.file,
    at: one.at.toISOString(),
    by: people.get(one.by)?.name ?? '',
    unit: { id: one.unit, name: units.get(one.unit) ?? '' },
    status: one.status,
    lines: one.lines,
    seen: one.seen,
    counts: { ...one.counts },
  }))
}

/** An import's page: what its file is, how it stands, and a page of its lines. */
export async function importPage(
  given: Import,
  query: RowQuery,
  reader: Reader,
): Promise<z.input<typeof importShown>> {
  const [[line], rows, letters] = await Promise.all([
    importLines([given], reader.language),
    rowsOf(given, query),
    lettersWanted(given),
  ])
  if (!line) throw new Error('an import without its line')
  const all = query.outcome ? given.counts[query.outcome] : given.lines
  const total = given.forgottenAt ? 0 : all
  return {
    ...line,
    encoding: given.encoding,
    separator: given.separator,
    columns: given.header.map((header, at) => ({ header, field: given.columns[at] ?? null })),
    fields: [...fields],
    newUnits: given.newUnits.slice(0, 50),
    newPosts: given.newPosts,
    letters,
    appliedAt: given.appliedAt?.toISOString() ?? null,
    undoneAt: given.undoneAt?.toISOString() ?? null,
    forgottenAt: given.forgottenAt?.toISOString() ?? null,
    ...toPage(
      rows.map((row) => rowAs(row, reader)),
      total,
      { path: `/imports/${given._id}`, query: { ...query } },
    ),
  }
}

/** The form for a new file, with the columns as they were called the last time. */
export async function newImportPage(
  actor: Actor,
  language: string,
): Promise<z.input<typeof newImportShown>> {
  const [units, known] = await Promise.all([
    unitChoices(actor, { permission: manageImports, language }),
    columnsCalled(actor.institution),
  ])
  const called = known.flatMap(({ header, field }): [Field, string][] =>
    field ? [[field, header]] : [],
  )
  return {
    units,
    unit: ownUnit(actor, units),
    fields: [...fields],
    called: Object.fromEntries(called) as Partial<Record<Field, string>>,
  }
}

const ownUnit = ({ institution }: Actor, units: readonly { readonly value: Id }[]): Id =>
  units.find(({ value }) => value === institution)?.value ?? units[0]?.value ?? ''

function rowAs(row: Row, reader: Reader): z.input<typeof rowShown> {
  const { line, name, outcome, person, changes, faults } = row
  const { t } = reader
  return {
    ...{ line, name, outcome },
    person: (outcome !== 'refused' && person) || null,
    changes: changes.map((change) => ({ ...change, text: changeSaid(change, reader) })),
    errors: faults.map((fault) => ({
      code: `imports:${fault.code}`,
      column: fault.column ?? null,
      detail: messageOf(t, `imports:${fault.code}`, faultValues(fault)),
    })),
  }
}
