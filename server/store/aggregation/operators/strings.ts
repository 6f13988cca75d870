import { BSONRegExp, Int32 } from 'bson'
import { MongoError } from '../../errors.js'
import { fromNumber, isNumber } from '../numbers.js'
import type { Operator, Operators } from '../operators.js'
import { isNullish, regexOf, typeOf } from '../values.js'
import { exactly, family, fieldsOf, integerArgument, pure } from './pure.js'

function text(value: unknown, code: number, name: string): string {
  if (typeof value === 'string') return value
  throw new MongoError(code, `${name} requires a string argument, found: ${typeOf(value)}`)
}

/** What MongoDB makes of a value where it wants text: null is empty, numbers and dates are written out. */
function coerced(value: unknown, name: string, code = 16007): string {
  if (isNullish(value)) return ''
  if (typeof value === 'string') return value
  if (isNumber(value)) return String(value)
  if (value instanceof Date) return value.toISOString()
  throw new MongoError(code, `can't convert from BSON type ${typeOf(value)} to String in ${name}`)
}

const concatenated = pure({}, (args, name) => {
  for (const value of args)
    if (!isNullish(value) && typeof value !== 'string')
      throw new MongoError(16702, `${name} only supports strings, not ${typeOf(value)}`)
  return args.some(isNullish) ? null : args.join('')
})

/** ASCII only, as MongoDB does. */
const lower = exactly(1, ([value], name) =>
  coerced(value, name).replace(/[A-Z]+/g, (found) => found.toLowerCase()),
)
const upper = exactly(1, ([value], name) =>
  coerced(value, name).replace(/[a-z]+/g, (found) => found.toUpperCase()),
)

const compared = exactly(2, ([a, b], name) => {
  const [left, right] = [coerced(a, name).toUpperCase(), coerced(b, name).toUpperCase()]
  return new Int32(left === right ? 0 : left < right ? -1 : 1)
})

const split = exactly(2, ([value, separator], name) => {
  if (isNullish(value) || isNullish(separator)) return null
  const by = text(separator, 40086, name)
  if (by === '') throw new MongoError(40087, '$split requires a non-empty separator')
  return text(value, 40085, name).split(by)
})

const characters = exactly(3, ([value, from, count], name) => {
  const points = [...coerced(value, name, 16034)]
  const start = integerArgument(from, 34450, '$substrCP: starting index')
  const length = integerArgument(count, 34452, '$substrCP: length')
  if (start < 0)
    throw new MongoError(34453, '$substrCP: the starting index must be non-negative integer.')
  return points.slice(start, length < 0 ? undefined : start + length).join('')
})

const bytes = exactly(3, ([value, from, count], name) => {
  const encoded = Buffer.from(coerced(value, name, 16034))
  const start = integerArgument(from, 16034, '$substrBytes: starting index')
  const length = integerArgument(count, 16035, '$substrBytes: length')
  if (start < 0) throw new MongoError(50752, '$substrBytes: starting index must be non-negative')
  const end = length < 0 ? encoded.length : Math.min(encoded.length, start + length)
  if (isContinuation(encoded[start]))
    throw new MongoError(
      28656,
      '$substrBytes: Invalid range, starting index is a UTF-8 continuation byte.',
    )
  if (isContinuation(encoded[end]))
    throw new MongoError(
      28657,
      '$substrBytes: Invalid range, ending index is in the middle of a UTF-8 character.',
    )
  return encoded.toString('utf8', start, end)
})

const isContinuation = (byte: number | undefined): boolean =>
  byte !== undefined && (byte & 0xc0) === 0x80

const indexOf = (inCharacters: boolean): ((name: string) => Operator) =>
  pure({ least: 2, most: 4 }, ([value, wanted, from, to], name) => {
    if (isNullish(value)) return null
    const part = text(wanted, 40094, name)
    const units = unitsOf(text(value, 40093, name), inCharacters)
    const start = from === undefined ? 0 : integerArgument(from, 40096, `${name} start`)
    const end = to === undefined ? units.length : integerArgument(to, 40096, `${name} end`)
    if (start < 0 || end < 0)
      throw new MongoError(40097, `${name} requires a nonnegative start and end index`)
    const found = units.slice(start, end).join('').indexOf(unitsOf(part, inCharacters).join(''))
    if (found < 0 || start > units.length) return new Int32(-1)
    return new Int32(start + [...units.slice(start, end).join('').slice(0, found)].length)
  })

/** Characters, or bytes as characters below 256. */
const unitsOf = (value: string, inCharacters: boolean): string[] =>
  inCharacters ? [...value] : [...Buffer.from(value).toString('latin1')]

const BLANKS = '\0\t\n\v\f\r \u00a0\u1680\u2000-\u200a'

const trimmed =
  (sides: 'both' | 'left' | 'right'): ((name: string) => Operator) =>
  (name) =>
  (operand, compiler) => {
    const given = fieldsOf(name, operand, { required: ['input'], optional: ['chars'] })
    const input = compiler.compile(given['input'])
    const characters = 'chars' in given ? compiler.compile(given['chars']) : undefined
    return (scope) => {
      const value = input(scope)
      const chars = characters?.(scope)
      if (isNullish(value) || (characters !== undefined && isNullish(chars))) return null
      const set = chars === undefined ? BLANKS : escapeSet(text(chars, 50700, name))
      return trim(text(value, 50699, name), set, sides)
    }
  }

const escapeSet = (characters: string): string => characters.replace(/[\\\]^-]/g, '\\$&')

function trim(value: string, set: string, sides: 'both' | 'left' | 'right'): string {
  if (set === '') return value
  const start = sides === 'right' ? value : value.replace(new RegExp(`^[${set}]+`, 'u'), '')
  return sides === 'left' ? start : start.replace(new RegExp(`[${set}]+$`, 'u'), '')
}

const replaced =
  (all: boolean): ((name: string) => Operator) =>
  (name) =>
  (operand, compiler) => {
    const given = fieldsOf(name, operand, { required: ['input', 'find', 'replacement'] })
    const parts = ['input', 'find', 'replacement'].map((key) => compiler.compile(given[key]))
    return (scope) => {
      const [input, find, replacement] = parts.map((part) => part(scope))
      if (isNullish(input) || isNullish(find) || isNullish(replacement)) return null
      const [value, wanted] = [text(input, 51746, name), text(find, 51745, name)]
      const by = text(replacement, 51744, name)
      return all ? value.replaceAll(wanted, () => by) : value.replace(wanted, () => by)
    }
  }

/** Evaluates the operand of a regex operator; nothing when its input or pattern is null. */
function matching(
  find: (regex: RegExp, input: string) => unknown,
  nothing: unknown,
): (name: string) => Operator {
  return (name) => (operand, compiler) => {
    const given = fieldsOf(name, operand, { required: ['input', 'regex'], optional: ['options'] })
    const parts = ['input', 'regex', 'options'].map((key) => compiler.compile(given[key] ?? null))
    return (scope) => {
      const [input, regex, options] = parts.map((part) => part(scope))
      if (isNullish(input) || isNullish(regex)) return nothing
      return find(expressionOf(regex, options), text(input, 51104, name))
    }
  }
}

function expressionOf(regex: unknown, options: unknown): RegExp {
  const flags = isNullish(options) ? '' : text(options, 51106, '$regex options')
  const [pattern, own] =
    regex instanceof BSONRegExp
      ? [regex.pattern, regex.options]
      : [text(regex, 51105, '$regex pattern'), '']
  try {
    const found = regexOf(pattern, own + flags)
    return new RegExp(found.source, `${found.flags}g`)
  } catch (error) {
    throw new MongoError(51111, `Invalid Regex in $regexMatch: ${String(error)}`)
  }
}

function found(match: RegExpExecArray): unknown {
  const [whole, ...captures] = match
  const idx = fromNumber([...match.input.slice(0, match.index)].length)
  return {
    match: whole,
    idx,
    captures: captures.map((capture) => (capture as string | undefined) ?? null),
  }
}

const firstMatch = (regex: RegExp, input: string): unknown => {
  const match = regex.exec(input)
  return match === null ? null : found(match)
}

/** Working on strings. */
export const strings: Operators = family({
  $concat: concatenated,
  $toLower: lower,
  $toUpper: upper,
  $strcasecmp: compared,
  $split: split,
  $substr: bytes,
  $substrBytes: bytes,
  $substrCP: characters,
  $strLenCP: exactly(1, ([value], name) => fromNumber([...text(value, 34471, name)].length)),
  $strLenBytes: exactly(1, ([value], name) =>
    fromNumber(Buffer.byteLength(text(value, 34473, name))),
  ),
  $indexOfCP: indexOf(true),
  $indexOfBytes: indexOf(false),
  $trim: trimmed('both'),
  $ltrim: trimmed('left'),
  $rtrim: trimmed('right'),
  $replaceOne: replaced(false),
  $replaceAll: replaced(true),
  $regexMatch: matching((regex, input) => regex.test(input), false),
  $regexFind: matching(firstMatch, null),
  $regexFindAll: matching((regex, input) => [...input.matchAll(regex)].map(found), []),
})
