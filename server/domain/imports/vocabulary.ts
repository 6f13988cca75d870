import type { Language } from '../../platform/i18n.js'
import type { Altitude, UnitKind } from '../organisation/rosters.js'
import type { GrantableRole } from '../people/roles.js'
import { folded } from './columns.js'

/** The roles that a file may give. Who administers is decided by hand, one by one. */
export type ImportedRole = Exclude<GrantableRole, 'administrator'>

const roles: Readonly<Record<ImportedRole, string>> = {
  learner: 'learner|apprenant|apprenante|agent|alumno|alumna',
  trainer: 'trainer|formateur|formatrice|instructor|instructora',
  coordinator: 'coordinator|coordonnateur|coordonnatrice|coordinador|coordinadora',
  evaluator: 'evaluator|evaluateur|evaluatrice|evaluador|evaluadora',
  coach: 'coach|formateur de gestion|formatrice de gestion|formador de gestion',
}

const altitudeNames: Readonly<Record<Altitude, string>> = {
  strategic: 'strategic|strategique|estrategico',
  tactical: 'tactical|tactique|tactico',
  operational: 'operational|operationnel|operativo|operacional',
}

const kindNames: Readonly<Record<Exclude<UnitKind, 'institution'>, string>> = {
  delegation: 'delegation|delegacion',
  department: 'department|departement|direction|departamento|direccion',
  office: 'office|agence|bureau|oficina|agencia',
  hospital: 'hospital|hopital',
  unit: 'unit|unite|service|unidad|servicio',
}

const languageNames: Readonly<Record<Language, string>> = {
  en: 'en|english|anglais|ingles',
  fr: 'fr|french|francais|frances',
  es: 'es|spanish|espagnol|espanol',
}

/** A role by what a file calls it, in any of the three languages. */
export const roleCalled = reader(roles)
export const altitudeCalled = reader(altitudeNames)
export const unitKindCalled = reader(kindNames)
export const languageCalled = reader(languageNames)

function reader<K extends string>(names: Readonly<Record<K, string>>) {
  const known = new Map(
    (Object.keys(names) as K[]).flatMap((key) =>
      names[key].split('|').map((name): [string, K] => [folded(name), key]),
    ),
  )
  return (said: string): K | undefined => known.get(folded(said))
}

const day = 86_400_000

/** The start of a day written as 2027-01-31, 31/01/2027, 31.1.27 or 31-01-2027, in UTC. */
export function dayCalled(said: string): Date | undefined {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:T.*)?$/.exec(said)
  const usual = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})$/.exec(said)
  const [, year, month, date] = iso ?? (usual && [usual[0], usual[3], usual[2], usual[1]]) ?? []
  if (year === undefined) return undefined
  const full = year.length === 2 ? 2000 + Number(year) : Number(year)
  const at = new Date(Date.UTC(full, Number(month) - 1, Number(date)))
  const exact = at.getUTCMonth() === Number(month) - 1 && at.getUTCDate() === Number(date)
  return exact && full > 1900 ? at : undefined
}

/** The start of the day of a moment, in UTC. */
export const startOfDay = (at: Date): Date => new Date(Math.floor(Number(at) / day) * day)
