import { MongoError } from '../../errors.js'
import type { Operators } from '../operators.js'
import { compareValues, distinct, identityOf, isNullish, typeOf } from '../values.js'
import { exactly, family, pure } from './pure.js'

function setArgument(value: unknown, name: string, code: number): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw new MongoError(
    code,
    `All operands of ${name} must be arrays. One argument is of type ${typeOf(value)}`,
  )
}

const identities = (list: readonly unknown[]): Set<string> => new Set(list.map(identityOf))

const union = pure({}, (args, name) => {
  if (args.some(isNullish)) return null
  return distinct(args.flatMap((list) => setArgument(list, name, 17043))).sort(compareValues)
})

const intersection = pure({}, (args, name) => {
  if (args.some(isNullish)) return null
  const [first = [], ...others] = args.map((list) => setArgument(list, name, 17047))
  const sets = others.map(identities)
  const shared = first.filter((value) => sets.every((set) => set.has(identityOf(value))))
  return distinct(shared).sort(compareValues)
})

const difference = exactly(2, ([a, b], name) => {
  if (isNullish(a) || isNullish(b)) return null
  const taken = identities(setArgument(b, name, 17049))
  return distinct(setArgument(a, name, 17048)).filter((value) => !taken.has(identityOf(value)))
})

const equal = pure({ least: 2 }, (args, name) => {
  const [first = new Set<string>(), ...others] = args.map((list) =>
    identities(setArgument(list, name, 17044)),
  )
  return others.every((set) => set.size === first.size && [...set].every((one) => first.has(one)))
})

const subset = exactly(2, ([a, b], name) => {
  const whole = identities(setArgument(b, name, 17042))
  return setArgument(a, name, 17046).every((value) => whole.has(identityOf(value)))
})

/** Arrays taken as sets. */
export const sets: Operators = family({
  $setUnion: union,
  $setIntersection: intersection,
  $setDifference: difference,
  $setEquals: equal,
  $setIsSubset: subset,
})
