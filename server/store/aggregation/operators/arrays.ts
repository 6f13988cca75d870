import { Int32 } from 'bson'
import { isPlainObject } from '../../commands/schema.js'
import { MongoError } from '../../errors.js'
import { fromNumber } from '../numbers.js'
import type { Operator, Operators } from '../operators.js'
import { sortComparison } from '../sorting.js'
import { compareValues, identityOf, isNullish, isTruthy, typeOf } from '../values.js'
import { exactly, family, fieldsOf, integerArgument, pure, unary } from './pure.js'

function arrayArgument(value: unknown, code: number, message: string): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw new MongoError(code, `${message} ${typeOf(value)}`)
}

const elementAt = exactly(2, ([list, index]) => {
  if (isNullish(list) || isNullish(index)) return null
  const message = "$arrayElemAt's first argument must be an array, but is"
  const array = arrayArgument(list, 28689, message)
  return array.at(integerArgument(index, 28691, "$arrayElemAt's second argument"))
})

const edge = (at: number): ((name: string) => Operator) =>
  unary((list, name) =>
    arrayArgument(list, 28689, `${name}'s argument must be an array, but is`).at(at),
  )

const joined = pure({}, (args) => {
  if (args.some(isNullish)) return null
  return args.flatMap((list) =>
    arrayArgument(list, 28664, '$concatArrays only supports arrays, not'),
  )
})

const contains = exactly(2, ([value, list]) => {
  const array = arrayArgument(list, 40081, '$in requires an array as a second argument, found:')
  const wanted = identityOf(value)
  return array.some((element) => identityOf(element) === wanted)
})

const position = pure({ least: 2, most: 4 }, ([list, value, from, to]) => {
  if (isNullish(list)) return null
  const array = arrayArgument(
    list,
    40090,
    '$indexOfArray requires an array as a first argument, found:',
  )
  const start = from === undefined ? 0 : integerArgument(from, 40096, '$indexOfArray start')
  const end = to === undefined ? array.length : integerArgument(to, 40096, '$indexOfArray end')
  if (start < 0 || end < 0)
    throw new MongoError(40097, '$indexOfArray requires a nonnegative start and end index')
  const found = array
    .slice(0, end)
    .findIndex((element, at) => at >= start && compareValues(element, value) === 0)
  return new Int32(found)
})

const range = pure({ least: 2, most: 3 }, ([from, to, by = new Int32(1)]) => {
  const start = integerArgument(from, 34443, '$range start')
  const end = integerArgument(to, 34445, '$range end')
  const step = integerArgument(by, 34447, '$range step')
  if (step === 0) throw new MongoError(34449, '$range requires a non-zero step value')
  const count = Math.max(0, Math.ceil((end - start) / step))
  return Array.from({ length: count }, (_, at) => fromNumber(start + at * step))
})

const part = pure({ least: 2, most: 3 }, ([list, first, second]) => {
  if (isNullish(list) || isNullish(first)) return null
  const array = arrayArgument(
    list,
    28724,
    'First argument to $slice must be an array, but is of type:',
  )
  const from = integerArgument(first, 28726, 'Second argument to $slice')
  if (second === undefined) return from < 0 ? array.slice(from) : array.slice(0, from)
  if (second === null) return null
  const count = integerArgument(second, 28728, 'Third argument to $slice')
  if (count <= 0)
    throw new MongoError(28729, `Third argument to $slice must be positive: ${String(count)}`)
  const start = from < 0 ? Math.max(0, array.length + from) : from
  return array.slice(start, start + count)
})

const size = exactly(1, ([list]) =>
  fromNumber(
    arrayArgument(list, 17124, 'The argument to $size must be an array, but was of type:').length,
  ),
)

const sorted: Operator = (operand, compiler) => {
  const { input, sortBy } = fieldsOf('$sortArray', operand, { required: ['input', 'sortBy'] })
  const evaluate = compiler.compile(input)
  const compare = sortComparison(sortBy)
  return (scope) => {
    const list = evaluate(scope)
    if (isNullish(list)) return null
    const array = arrayArgument(
      list,
      2942504,
      'The input argument to $sortArray must be an array, but was of type:',
    )
    return array.toSorted(compare)
  }
}

const zipped: Operator = (operand, compiler) => {
  const fields = fieldsOf('$zip', operand, {
    required: ['inputs'],
    optional: ['defaults', 'useLongestLength'],
  })
  if (!Array.isArray(fields['inputs']) || fields['inputs'].length === 0)
    throw new MongoError(34461, 'inputs must be an array of expressions')
  const inputs = fields['inputs'].map((input) => compiler.compile(input))
  const defaults = compiler.compile(fields['defaults'] ?? [])
  const isLongest = fields['useLongestLength'] === true
  return (scope) => {
    const lists = inputs.map((input) => input(scope))
    if (lists.some(isNullish)) return null
    const arrays = lists.map((list) =>
      arrayArgument(list, 34468, '$zip found a non-array expression in input:'),
    )
    const lengths = arrays.map(({ length }) => length)
    const length = isLongest ? Math.max(...lengths) : Math.min(...lengths)
    const missing = defaults(scope) as readonly unknown[]
    return Array.from({ length }, (_, row) =>
      arrays.map((array, at) => (row < array.length ? array[row] : (missing[at] ?? null))),
    )
  }
}

const toArray = unary((value) => {
  if (!isPlainObject(value))
    throw new MongoError(40390, `$objectToArray requires a document input, found: ${typeOf(value)}`)
  return Object.entries(value).map(([k, v]: [string, unknown]) => ({ k, v }))
})

const toObject = unary((list) => {
  const array = arrayArgument(list, 40386, '$arrayToObject requires an array input, found:')
  return Object.fromEntries(array.map(pairOf))
})

function pairOf(element: unknown): readonly [string, unknown] {
  const pair: unknown = isPlainObject(element) ? [element['k'], element['v']] : element
  if (!Array.isArray(pair) || pair.length !== 2)
    throw new MongoError(40397, '$arrayToObject requires an array of pairs or of k and v documents')
  const [key, value] = pair as [unknown, unknown]
  if (typeof key !== 'string')
    throw new MongoError(40394, `$arrayToObject requires keys of type string, found ${typeOf(key)}`)
  return [key, value]
}

/** Working on arrays. */
export const arrays: Operators = {
  ...family({
    $arrayElemAt: elementAt,
    $first: edge(0),
    $last: edge(-1),
    $concatArrays: joined,
    $in: contains,
    $indexOfArray: position,
    $isArray: pure({ least: 1, most: 1 }, ([value]) => Array.isArray(value)),
    $range: range,
    $reverseArray: unary((list) =>
      arrayArgument(
        list,
        34435,
        'The argument to $reverseArray must be an array, but was of type:',
      ).toReversed(),
    ),
    $size: size,
    $slice: part,
    $objectToArray: toArray,
    $arrayToObject: toObject,
    $allElementsTrue: exactly(1, ([list]) =>
      arrayArgument(list, 17040, "$allElementsTrue's argument must be an array, but is").every(
        isTruthy,
      ),
    ),
    $anyElementTrue: exactly(1, ([list]) =>
      arrayArgument(list, 17041, "$anyElementTrue's argument must be an array, but is").some(
        isTruthy,
      ),
    ),
  }),
  $sortArray: sorted,
  $zip: zipped,
}
