import { ARRAY, arrayElements, decodeValue, OBJECT, rawField, type RawValue } from '../bson/raw.js'
import { MongoError } from '../errors.js'
import type { Scope } from './scope.js'

/** Reads the value at a path of the stored document, and decodes no more than that. */
export function fieldPath(parts: readonly string[]): (scope: Scope) => unknown {
  return ({ raw }) => valueAt({ buffer: raw, type: OBJECT, offset: 0 }, parts, 0)
}

function valueAt(value: RawValue, parts: readonly string[], at: number): unknown {
  const part = parts[at]
  if (part === undefined) return decodeValue(value)
  if (value.type === OBJECT) {
    const next = rawField(value.buffer, value.offset, part)
    return next === undefined ? undefined : valueAt(next, parts, at + 1)
  }
  return value.type === ARRAY ? valuesIn(value, parts, at) : undefined
}

/** Of an array on the way, what its documents have there; elements of other types are passed over. */
function valuesIn({ buffer, offset }: RawValue, parts: readonly string[], at: number): unknown[] {
  const found: unknown[] = []
  for (const element of arrayElements(buffer, offset)) {
    const value = element.type === OBJECT ? valueAt(element, parts, at) : undefined
    if (value !== undefined) found.push(value)
  }
  return found
}

/** The parts of a dotted path; empty ones are refused. */
export function pathParts(path: string): string[] {
  const parts = path.split('.')
  if (path === '') throw new MongoError(16872, "'$' by itself is not a valid FieldPath")
  if (path.endsWith('.')) throw new MongoError(40353, "FieldPath must not end with a '.'.")
  if (parts.includes(''))
    throw new MongoError(15998, 'FieldPath field names may not be empty strings.')
  if (path.includes('\0'))
    throw new MongoError(16411, 'FieldPath field names may not contain null bytes')
  const dollar = parts.find((part) => part.startsWith('$'))
  if (dollar !== undefined)
    throw new MongoError(
      16410,
      `FieldPath field names may not start with '$'. Consider using $getField or $setField.`,
    )
  return parts
}

/** Refuses names that `let` must not give. */
export function checkVariableName(name: string): void {
  if (name === 'CURRENT') return
  if (/^[a-z\u0080-\uffff][\w\u0080-\uffff]*$/.test(name)) return
  throw new MongoError(16867, `'${name}' starts with an invalid character for a user variable name`)
}
