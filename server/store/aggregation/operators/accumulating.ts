import {
  countOf,
  severalAccumulators,
  simpleAccumulators,
  type Accumulator,
} from '../accumulators.js'
import { percentileOf, percentileOptions } from '../percentile.js'
import { isNumber } from '../numbers.js'
import { MongoError } from '../../errors.js'
import type { Operator, Operators } from '../operators.js'
import { isNullish, typeOf } from '../values.js'
import { fieldsOf } from './pure.js'

function accumulate(accumulator: Accumulator, values: readonly unknown[]): unknown {
  for (const value of values) accumulator.add(value)
  return accumulator.result()
}

/** As an expression, an accumulator takes its arguments, or the one array that is its argument. */
const overArguments =
  (make: () => Accumulator): Operator =>
  (operand, compiler) => {
    if (Array.isArray(operand) && operand.length !== 1) {
      const parts = operand.map((part) => compiler.compile(part))
      return (scope) =>
        accumulate(
          make(),
          parts.map((part) => part(scope)),
        )
    }
    const only = compiler.compile(Array.isArray(operand) ? operand[0] : operand)
    return (scope) => {
      const value = only(scope)
      return accumulate(make(), Array.isArray(value) ? value : [value])
    }
  }

const several =
  (name: string, make: (n: number) => Accumulator): Operator =>
  (operand, compiler) => {
    const fields = fieldsOf(name, operand, { required: ['n', 'input'] })
    const [n, input] = [compiler.compile(fields['n']), compiler.compile(fields['input'])]
    return (scope) => {
      const list = input(scope)
      if (!Array.isArray(list))
        throw new MongoError(5788200, `Input must be an array, found ${typeOf(list)} in ${name}`)
      return accumulate(make(countOf(n(scope), name)), list)
    }
  }

const percentile =
  (name: string): Operator =>
  (operand, compiler) => {
    const options = percentileOptions(name, operand)
    const input = compiler.compile((operand as Readonly<Record<string, unknown>>)['input'])
    return (scope) => {
      const value = input(scope)
      const list: readonly unknown[] = Array.isArray(value)
        ? value
        : isNullish(value)
          ? []
          : [value]
      return percentileOf(list.filter(isNumber), options)
    }
  }

const SIMPLE = ['$sum', '$avg', '$min', '$max', '$stdDevPop', '$stdDevSamp', '$mergeObjects']

/** Accumulators in the place of an expression. */
export const accumulating: Operators = Object.fromEntries([
  ...Object.entries(simpleAccumulators)
    .filter(([name]) => SIMPLE.includes(name))
    .map(([name, make]) => [name, overArguments(make)] as const),
  ...Object.entries(severalAccumulators).map(
    ([name, make]) => [name, several(name, make)] as const,
  ),
  ['$percentile', percentile('$percentile')],
  ['$median', percentile('$median')],
])
