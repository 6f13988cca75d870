import { foldedWords } from '../../platform/words.js'

/** What a column may hold. */
export const fields = [
  'staffNumber',
  'familyName',
  'givenName',
  'email',
  'unit',
  'unitKind',
  'unitAbove',
  'post',
  'altitude',
  'reportsTo',
  'role',
  'language',
  'from',
  'until',
] as const
export type Field = (typeof fields)[number]

/** Which field each column of a file holds, in its order; nothing for those that are left out. */
export type Columns = readonly (Field | null)[]

/** Which field a header stands for, by its folded text, as an institution chose it. */
export type Chosen = ReadonlyMap<string, Field | null>

/** How headers are called in the files of personnel offices, in English, French and Spanish. */
const names: Readonly<Record<Field, string>> = {
  staffNumber:
    'staff number|staff no|staff id|employee number|employee id|personnel number|payroll number|matricule|numero de matricule|no matricule|identifiant agent|numero agent|numero de empleado|no empleado|numero de personal|matricula|clave de empleado|nomina',
  familyName:
    'family name|last name|surname|nom|nom de famille|nom d usage|nom usuel|apellido|apellidos|primer apellido',
  givenName: 'given name|first name|forename|prenom|prenoms|nombre|nombres|nombre de pila',
  email:
    'email|e mail|mail|email address|e mail address|courriel|adresse electronique|adresse courriel|adresse mail|adresse e mail|correo|correo electronico|correo institucional',
  unit: 'unit|department|service|unite|direction|delegation|structure|affectation|entite|unidad|area|departamento|delegacion|adscripcion|servicio',
  unitKind: 'unit kind|kind|unit type|type d unite|type de structure|tipo de unidad',
  unitAbove:
    'unit above|parent|parent unit|belongs to|unite superieure|rattachement|rattachee a|unite de rattachement|unidad superior|depende de',
  post: 'post|position|job title|poste|fonction|intitule du poste|emploi|puesto|cargo|plaza|funcion',
  altitude:
    'altitude|level of responsibility|responsibility|niveau de responsabilite|responsabilite|nivel directivo|nivel de responsabilidad',
  reportsTo:
    'reports to|post above|rend compte a|poste superieur|superieur|reporta a|puesto superior|superior',
  role: 'role|rol',
  language: 'language|langue|idioma|lengua',
  from: 'from|start date|date from|since|du|a partir du|date de debut|date d entree|debut|depuis|desde|a partir de|fecha de inicio|fecha de ingreso|inicio',
  until:
    'until|end date|date to|au|jusqu au|date de fin|date de sortie|fin|hasta|fecha de fin|fecha de termino|fecha de baja|termino',
}

const known = new Map(
  fields.flatMap((field) =>
    names[field].split('|').map((name): [string, Field] => [folded(name), field]),
  ),
)

/** A text as headers and names are compared: without accents, case, punctuation or plural endings. */
export function folded(text: string): string {
  return foldedWords(text).join(' ')
}

/** What each column holds: as the institution chose before, else by its name. The first of two alike counts. */
export function guessColumns(header: readonly string[], chosen: Chosen): Columns {
  const taken = new Set<Field>()
  return header.map((name) => {
    const key = folded(name)
    const field = chosen.has(key) ? chosen.get(key) : (known.get(key) ?? byCode(name))
    if (!field || taken.has(field)) return null
    taken.add(field)
    return field
  })
}

/** Headers that programs write are the names of the fields themselves. */
const byCode = (name: string): Field | undefined => fields.find((field) => field === name)
