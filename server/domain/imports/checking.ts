import { Invalid, type FieldError } from '../../errors.js'
import { emailField, staffNumberField } from '../people/forms.js'
import { normalisedEmail } from '../people/describing.js'
import type { Columns, Field } from './columns.js'
import { plain, type Line, type Table } from './reading.js'
import {
  altitudeCalled,
  dayCalled,
  languageCalled,
  roleCalled,
  unitKindCalled,
  type ImportedRole,
} from './vocabulary.js'
import type { Altitude, UnitKind } from '../organisation/rosters.js'

/** What a line asks for. Without a person it is about a post, and without a post about a unit. */
export interface Wanted {
  readonly staffNumber?: string
  readonly familyName?: string
  readonly givenName?: string
  readonly email?: string
  readonly unit?: string
  readonly unitKind?: UnitKind
  readonly unitAbove?: string
  readonly post?: string
  readonly altitude?: Altitude
  readonly reportsTo?: string
  readonly role?: ImportedRole
  readonly language?: string
  readonly from?: Date
  readonly until?: Date
  /** The file says when people leave, and of this person that they stay. */
  readonly stays?: true
}

/** Why a line is refused, by a code that names its sentence. */
export interface Fault {
  readonly code: string
  readonly column?: Field
  readonly value?: string
}

export interface Checked {
  readonly line: number
  /** The line in a few words, for lists. */
  readonly name: string
  readonly wanted: Wanted
  readonly faults: readonly Fault[]
}

const ofPeople: readonly Field[] = ['staffNumber', 'familyName', 'givenName', 'email']
const listedAtMost = 100

/**
 * What each line of a table asks for, checked as far as the table alone tells. Throws `Invalid('imports:column-missing')`,
 * `imports:duplicate` for a table that contradicts itself, and the first fault's own code where no line stands.
 */
export function checkTable(table: Table, columns: Columns, language: string): Checked[] {
  refuseMissing(columns)
  const checked = table.lines.map((line) => checkLine(line, columns))
  for (const field of ['staffNumber', 'email'] as const) refuseTwice(checked, field, language)
  if (checked.every(({ faults }) => faults.length > 0)) throw nothingStands(checked, language)
  return checked
}

/** The sentence of a fault, and the lines it is about if they are to be named. */
export const faultValues = (
  { value = '' }: Fault,
  where?: { readonly lines: readonly number[]; readonly language: string },
): Record<string, string | number> => ({
  value: value.length > 60 ? `${value.slice(0, 60)}…` : value,
  count: where?.lines.length ?? 0,
  lines: where ? listed(where.lines, where.language) : '',
})

function refuseMissing(columns: Columns): void {
  const has = (field: Field): boolean => columns.includes(field)
  const people = ofPeople.some(has)
  const needed: Field[] = people ? ['familyName', 'givenName', 'email'] : ['unit']
  const missing = needed.filter((field) => !has(field))
  if (missing.length === 0) return
  throw new Invalid(`imports:column-missing`, {
    values: { column: missing[0] ?? '' },
    errors: missing.map((field) => ({
      path: `columns.${field}`,
      code: 'imports:column-missing',
      values: { column: field },
    })),
  })
}

function checkLine({ line, cells }: Line, columns: Columns): Checked {
  const said = new Map<Field, string>()
  columns.forEach((field, at) => {
    const value = plain(cells[at] ?? '')
    if (field && value) said.set(field, value)
  })
  const faults: Fault[] = cells.length > columns.length ? [{ code: 'too-many-cells' }] : []
  const wanted = Object.fromEntries(
    [...said].flatMap(([field, value]) => {
      const read = readers[field](value)
      if (read === undefined)
        faults.push({ code: faultOf[field] ?? 'too-long', column: field, value })
      return read === undefined ? [] : [[field, read]]
    }),
  ) as Wanted
  const stays = columns.includes('until') && !said.has('until') && { stays: true as const }
  return {
    line,
    name: nameOf(said),
    wanted: { ...wanted, ...stays },
    faults: [...faults, ...missingIn(said, wanted)],
  }
}

const short = (value: string): string | undefined => (value.length <= 200 ? value : undefined)

/** Cells that a spreadsheet's export made harmless read as they were. */
const text = (value: string): string | undefined => short(value.replace(/^'(?=[=+\-@])/, ''))

const readers: Readonly<Record<Field, (value: string) => unknown>> = {
  staffNumber: (value) => staffNumberField.safeParse(value).data,
  familyName: text,
  givenName: text,
  email: (value) => {
    const { data } = emailField.safeParse(value)
    return data && normalisedEmail(data)
  },
  unit: text,
  unitKind: unitKindCalled,
  unitAbove: text,
  post: text,
  altitude: altitudeCalled,
  reportsTo: text,
  role: roleCalled,
  language: languageCalled,
  from: dayCalled,
  until: dayCalled,
}

const faultOf: Readonly<Partial<Record<Field, string>>> = {
  staffNumber: 'staff-number-form',
  email: 'email-invalid',
  unitKind: 'unit-kind-unknown',
  altitude: 'altitude-unknown',
  role: 'role-forbidden',
  language: 'language-unknown',
  from: 'date-form',
  until: 'date-form',
}

function missingIn(said: ReadonlyMap<Field, string>, wanted: Wanted): Fault[] {
  if (!ofPeople.some((field) => said.has(field))) return placeless(said)
  const names: Field[] = ['familyName', 'givenName']
  const lacking = names.filter((field) => !said.has(field))
  const { from, until } = wanted
  return [
    ...lacking.map((column): Fault => ({ code: 'name-missing', column })),
    ...(said.has('staffNumber') || said.has('email') ? [] : [{ code: 'no-key' }]),
    ...(from && until && until <= from
      ? [{ code: 'dates-reversed', column: 'until' as const }]
      : []),
  ]
}

const placeless = (said: ReadonlyMap<Field, string>): Fault[] =>
  said.has('unit') ? [] : [{ code: 'no-unit', column: 'unit' }]

function nameOf(said: ReadonlyMap<Field, string>): string {
  const person = [said.get('givenName'), said.get('familyName')].filter(Boolean).join(' ')
  const shown = person || said.get('post') || said.get('unit') || said.get('staffNumber')
  return (shown ?? said.get('email') ?? '').slice(0, 200)
}

/** One of two lines with the same key must be wrong, and nobody can tell which. */
function refuseTwice(
  checked: readonly Checked[],
  field: 'staffNumber' | 'email',
  language: string,
): void {
  const lines = new Map<string, number[]>()
  for (const { line, wanted } of checked) {
    const key = wanted[field]
    if (key) lines.set(key, [...(lines.get(key) ?? []), line])
  }
  const twice = [...lines].filter(([, at]) => at.length > 1)
  const [first] = twice
  if (!first) return
  const errors = twice.slice(0, listedAtMost).map(([value, at]) => ({
    path: `line-${at[0] ?? 0}`,
    code: 'imports:duplicate',
    values: faultValues({ code: 'duplicate', value }, { lines: at, language }),
  }))
  throw new Invalid('imports:duplicate', { values: errors[0]?.values ?? {}, errors })
}

function nothingStands(checked: readonly Checked[], language: string): Invalid {
  const all = checked.flatMap(({ line, faults }) => faults.map((fault) => ({ line, fault })))
  const first = all[0]?.fault ?? { code: 'no-key' }
  const same = all.filter(({ fault }) => fault.code === first.code).map(({ line }) => line)
  const errors: FieldError[] = all.slice(0, listedAtMost).map(({ line, fault }) => ({
    path: `line-${line}`,
    code: `imports:${fault.code}`,
    values: faultValues(fault, { lines: [line], language }),
  }))
  const values = faultValues(first, { lines: same, language })
  return new Invalid(`imports:${first.code}`, { values, errors })
}

function listed(lines: readonly number[], language: string): string {
  const some = lines.slice(0, 10).map(String)
  return new Intl.ListFormat(language).format(lines.length > 10 ? [...some, '…'] : some)
}
