import { parse, type CsvError } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import { Invalid, type FieldError } from '../../errors.js'
import type { FrameworkContent } from './content.js'
import { columns, line, textOf, titleOf, type Line } from './csv-columns.js'
import { altitudes, type Altitude, type Behaviour, type Texts } from './models.js'

type Row = Partial<Record<(typeof columns)[number], string | number>>

/** A framework as a table for a spreadsheet. What could run there as a formula is made harmless. */
export function toCsv(content: FrameworkContent): string {
  const rows: Row[] = [
    { row: 'framework', ...inTitle(content.title), ...inText(content.description) },
    ...content.scale.map(({ level, name, description }) => ({
      row: 'level',
      level,
      ...inTitle(name),
      ...inText(description),
    })),
    ...content.competencies.flatMap(({ id, title, definition, behaviours }): Row[] => [
      { row: 'competency', id: local(id), ...inTitle(title), ...inText(definition) },
      ...altitudes.flatMap((altitude) =>
        behaviours[altitude].map((behaviour) => ({
          row: 'behaviour',
          id: behaviour.id,
          of: local(id),
          altitude,
          level: behaviour.level,
          ...inText(behaviour.text),
        })),
      ),
    ]),
    ...content.profiles.flatMap(({ id, altitude, title, targets }): Row[] => [
      { row: 'profile', id, altitude, ...inTitle(title) },
      ...Object.entries(targets).map(([of, level]) => ({
        row: 'target',
        id,
        of: local(of),
        level,
      })),
    ]),
  ]
  return stringify(rows, { header: true, columns: [...columns], bom: true, escape_formulas: true })
}

/** Reads such a table, with commas, semicolons or tabs. Throws `Invalid` with what is wrong, line by line. */
export function fromCsv(slug: string, text: string): FrameworkContent {
  const read = linesOf(text).map((fields, at) => readLine(fields, at + 2))
  const errors = read.flatMap(({ errors: wrong }) => wrong)
  const lines = read.flatMap(({ found }) => (found ? [found] : []))
  const whole = lines.find(({ row }) => row === 'framework')
  if (!whole) errors.unshift({ path: 'line-1', code: 'competencies:csv-no-framework' })
  errors.push(...strayLines(read))
  if (errors.length > 0 || !whole) {
    throw new Invalid('competencies:csv-refused', { errors: errors.slice(0, 100) })
  }
  return contentFrom(slug, lines)
}

interface Read {
  readonly number: number
  readonly found?: Line
  readonly errors: readonly FieldError[]
}

function linesOf(text: string): Record<string, string>[] {
  const head = text.slice(0, text.indexOf('\n') + 1 || undefined)
  const delimiter = [';', '\t'].find((mark) => head.includes(mark)) ?? ','
  try {
    return parse(text, {
      bom: true,
      columns: true,
      delimiter,
      trim: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
    })
  } catch (error) {
    const { lines: number = 1 } = error as Partial<CsvError> & { lines?: number }
    const errors = [{ path: 'file', code: 'competencies:csv-line', values: { line: number } }]
    throw new Invalid('competencies:csv-unreadable', { errors }, { cause: error })
  }
}

/** Fields of a spreadsheet that were made harmless read as they were. */
function readLine(fields: Record<string, string>, number: number): Read {
  const plain = Object.entries(fields).map(([name, value]) => [
    name,
    value.replace(/^'(?=[=+\-@\t\r])/, ''),
  ])
  const { success, data, error } = line.safeParse(Object.fromEntries(plain))
  if (success) return { number, found: data, errors: [] }
  const errors = error.issues.map(({ message, path }) => ({
    path: `line-${number}`,
    code: message.startsWith('competencies:') ? message : 'competencies:csv-value',
    values: { line: number, column: path.join('.') },
  }))
  return { number, errors }
}

/** Behaviours and targets must name what the table holds; the same thing is said once. */
function strayLines(read: readonly Read[]): FieldError[] {
  const ids = (row: Line['row']): Set<string> =>
    new Set(read.flatMap(({ found }) => (found?.row === row && 'id' in found ? [found.id] : [])))
  const [competencies, profiles] = [ids('competency'), ids('profile')]
  const seen = new Set<string>()
  return read.flatMap(({ number, found }) => {
    if (!found) return []
    const at = { path: `line-${number}`, values: { line: number, column: 'of' } }
    const stray =
      ('of' in found && !competencies.has(found.of)) ||
      (found.row === 'target' && !profiles.has(found.id))
    const key = keyOf(found)
    const twice = seen.has(key)
    seen.add(key)
    return [
      ...(stray ? [{ ...at, code: 'competencies:csv-stray' }] : []),
      ...(twice ? [{ ...at, code: 'competencies:csv-twice' }] : []),
    ]
  })
}

function keyOf(found: Line): string {
  if (found.row === 'level') return `level ${found.level}`
  if (found.row === 'target') return `target ${found.id} ${found.of}`
  return `${found.row} ${'id' in found ? found.id : ''}`
}

function contentFrom(slug: string, lines: readonly Line[]): FrameworkContent {
  const of = <R extends Line['row']>(row: R) =>
    lines.filter((one): one is Extract<Line, { row: R }> => one.row === row)
  const [framework] = of('framework')
  if (!framework) throw new Error('a table without its framework')
  const behaviours = of('behaviour')
  const at = (competency: string, altitude: Altitude): Behaviour[] =>
    behaviours
      .filter((one) => one.of === competency && one.altitude === altitude)
      .map((one) => ({ id: one.id, level: one.level, text: textOf(one) }))
      .sort((a, b) => a.level - b.level)
  return {
    title: titleOf(framework),
    description: textOf(framework),
    scale: of('level')
      .map((one) => ({ level: one.level, name: titleOf(one), description: textOf(one) }))
      .sort((a, b) => a.level - b.level),
    competencies: of('competency').map((one) => ({
      id: `${slug}:${one.id}`,
      title: titleOf(one),
      definition: textOf(one),
      behaviours: {
        strategic: at(one.id, 'strategic'),
        tactical: at(one.id, 'tactical'),
        operational: at(one.id, 'operational'),
      },
    })),
    profiles: of('profile').map(({ id, altitude, ...one }) => ({
      id,
      altitude,
      title: titleOf(one),
      targets: Object.fromEntries(
        of('target')
          .filter((target) => target.id === id)
          .map((target) => [`${slug}:${target.of}`, target.level]),
      ),
    })),
  }
}

/** A competency's id without its framework's: the table may become another framework's. */
const local = (id: string): string => id.slice(id.indexOf(':') + 1)

const inTitle = ({ en, fr, es }: Texts): Row => ({ title_en: en, title_fr: fr, title_es: es })
const inText = ({ en, fr, es }: Texts): Row => ({ text_en: en, text_fr: fr, text_es: es })
