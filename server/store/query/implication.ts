import type { Document } from 'bson'
import { keyOf } from './bounds.js'
import { isOperators, isRangeable, type Limit, type PathPredicates } from './predicates.js'

/** Whether all that these conditions can match also match a partial index's filter. */
export function implies(paths: ReadonlyMap<string, PathPredicates>, partial: Document): boolean {
  return (Object.entries(partial) as [string, unknown][]).every(([path, condition]) => {
    if (path === '$and') return (condition as Document[]).every((part) => implies(paths, part))
    const found = paths.get(path)
    if (path.startsWith('$') || found === undefined) return false
    if (!isOperators(condition)) return holds(found, '$eq', condition)
    return (Object.entries(condition) as [string, unknown][]).every(([operator, operand]) => {
      return holds(found, operator, operand)
    })
  })
}

function holds(found: PathPredicates, operator: string, operand: unknown): boolean {
  if (operator === '$exists') return operand !== false && demandsPresence(found)
  if (operator === '$type') return ofType(found, operand)
  const lists = [...found.equals.map((value) => [value]), ...found.oneOf]
  if (lists.some((list) => list.every((value) => compares(value, operator, operand)))) return true
  if (operator === '$gt' || operator === '$gte') return limitHolds(found.lower, operator, operand)
  return limitHolds(found.upper, operator, operand)
}

/** Whether a single value passes one comparison, by the order of their keys. */
function compares(value: unknown, operator: string, operand: unknown): boolean {
  if (Array.isArray(value) || Array.isArray(operand)) return false
  if (operator === '$in') {
    return Array.isArray(operand) && operand.some((one) => compares(value, '$eq', one))
  }
  const [key, limit] = [keyOf(value, false), keyOf(operand, false)]
  if (operator === '$eq') return key.equals(limit)
  if (!isRangeable(value) || !isRangeable(operand) || key[0] !== limit[0]) return false
  const order = Buffer.compare(key, limit)
  if (order === 0) return operator === '$gte' || operator === '$lte'
  return order > 0 ? operator.startsWith('$gt') : operator.startsWith('$lt')
}

function limitHolds(limit: Limit | undefined, operator: string, operand: unknown): boolean {
  if (limit === undefined || !['$gt', '$gte', '$lt', '$lte'].includes(operator)) return false
  const isSame = compares(limit.value, '$eq', operand)
  if (isSame) return operator.endsWith('e') || !limit.inclusive
  return compares(limit.value, operator, operand)
}

/** Only types that a value's own JavaScript type tells for sure. */
function ofType({ equals, oneOf, prefix }: PathPredicates, type: unknown): boolean {
  const wanted = type === 'string' || Number(type) === 2 ? 'string' : undefined
  if (wanted === undefined) return false
  const lists = [...equals.map((value) => [value]), ...oneOf]
  return prefix !== undefined || lists.some((list) => list.every((one) => typeof one === wanted))
}

/** Whether these conditions can only hold where the path exists. */
export function demandsPresence(found: PathPredicates | undefined): boolean {
  if (found === undefined) return false
  const { equals, oneOf, lower, upper, prefix, exists } = found
  const isValue = (value: unknown): boolean => value !== null && value !== undefined
  return (
    exists === true ||
    prefix !== undefined ||
    equals.some(isValue) ||
    oneOf.some((list) => list.every(isValue)) ||
    (lower !== undefined && isValue(lower.value)) ||
    (upper !== undefined && isValue(upper.value))
  )
}
