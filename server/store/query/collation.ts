import { isPlainObject, numeric } from '../commands/schema.js'
import type { Collator } from '../bson/compare.js'
import { MongoError } from '../errors.js'

const FIELDS = new Set([
  'locale',
  'strength',
  'caseLevel',
  'caseFirst',
  'numericOrdering',
  'alternate',
  'maxVariable',
  'normalization',
  'backwards',
  'version',
])
const MOST_CACHED = 64
const collators = new Map<string, Collator>()

/** How a collation orders strings; `undefined` when it orders them by their bytes. */
export function collatorOf(collation: unknown): Collator | undefined {
  if (!isPlainObject(collation) || Object.keys(collation).length === 0) return undefined
  for (const field of Object.keys(collation))
    if (!FIELDS.has(field))
      throw new MongoError(40415, `BSON field 'collation.${field}' is an unknown field.`)
  const locale: unknown = collation['locale']
  if (locale === undefined)
    throw new MongoError(40414, "BSON field 'collation.locale' is missing but a required field")
  if (locale === 'simple') return undefined
  const key = JSON.stringify(collation)
  const known = collators.get(key) ?? makeCollator(collation)
  if (collators.size >= MOST_CACHED) collators.clear()
  collators.set(key, known)
  return known
}

function makeCollator(collation: Record<string, unknown>): Collator {
  const { locale, caseLevel, caseFirst, numericOrdering, alternate } = collation
  const options: Intl.CollatorOptions = {
    sensitivity: sensitivityOf(strengthOf(collation['strength']), caseLevel === true),
    numeric: numericOrdering === true,
    caseFirst: caseFirst === 'upper' || caseFirst === 'lower' ? caseFirst : 'false',
    ignorePunctuation: alternate === 'shifted',
  }
  try {
    return new Intl.Collator(String(locale).replace('_', '-'), options).compare
  } catch {
    throw new MongoError(2, `Field 'locale' is invalid in: { locale: "${String(locale)}" }`)
  }
}

function strengthOf(value: unknown): number {
  const strength = value === undefined ? 3 : numeric(value)
  if (strength >= 1 && strength <= 5) return strength
  throw new MongoError(
    51024,
    `BSON field 'strength' value must be >= 1 and <= 5, actual value '${String(strength)}'`,
  )
}

function sensitivityOf(
  strength: number,
  caseLevel: boolean,
): 'base' | 'accent' | 'case' | 'variant' {
  if (strength === 1) return caseLevel ? 'case' : 'base'
  return strength === 2 && !caseLevel ? 'accent' : 'variant'
}
