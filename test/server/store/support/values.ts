import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson'
import fc from 'fast-check'

const LARGE = 2n ** 53n

/** Numbers that lie close together in different types, and those at the edges of the types. */
const trickyNumbers = fc.constantFrom<unknown>(
  new Int32(0),
  new Double(-0),
  new Double(0),
  Decimal128.fromString('-0E+6000'),
  new Double(Number.NaN),
  Decimal128.fromString('NaN'),
  new Double(Infinity),
  new Double(-Infinity),
  Decimal128.fromString('Infinity'),
  Decimal128.fromString('-Infinity'),
  new Double(0.1),
  Decimal128.fromString('0.1'),
  Decimal128.fromString('0.1000000000000000055511151231257827'),
  Decimal128.fromString('0.1000000000000000055511151231257828'),
  new Double(2 ** 53),
  Long.fromBigInt(LARGE),
  Long.fromBigInt(LARGE + 1n),
  Long.fromBigInt(-LARGE - 1n),
  Long.MAX_VALUE,
  Long.MIN_VALUE,
  new Double(2 ** 63),
  Decimal128.fromString('9223372036854775807'),
  Decimal128.fromString('9223372036854775807.5'),
  new Double(Number.MIN_VALUE),
  new Double(Number.MAX_VALUE),
  Decimal128.fromString('1E-6176'),
  Decimal128.fromString('2E-6176'),
  Decimal128.fromString('5E-324'),
  Decimal128.fromString('9.999999999999999999999999999999999E+6144'),
  Decimal128.fromString('1.8E+308'),
  Decimal128.fromString('1.000000000000000000000000000000001'),
)

const decimals = fc
  .tuple(
    fc.boolean(),
    fc.bigInt({ min: 0n, max: 10n ** 34n - 1n }),
    fc.integer({ min: -40, max: 40 }),
  )
  .map(([negative, digits, exponent]) => {
    return Decimal128.fromString(`${negative ? '-' : ''}${String(digits)}E${String(exponent)}`)
  })

/** Any of BSON's numbers. */
export const numbers = fc.oneof(
  trickyNumbers,
  fc.integer({ min: -5, max: 5 }).map((value) => new Int32(value)),
  fc.integer().map((value) => new Int32(value)),
  fc.double().map((value) => new Double(value)),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => Long.fromBigInt(value)),
  fc.integer({ min: -5, max: 5 }).map((value) => Decimal128.fromString(String(value))),
  decimals,
)

const texts = fc.oneof(
  fc.constantFrom('', '\0', 'a', 'a\0', 'a\0b', 'ab', 'é', '😀', '\uffff'),
  fc.string({ maxLength: 6 }),
)

const bytes = fc.uint8Array({ maxLength: 5 })

const others = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, new MinKey(), new MaxKey(), new BSONSymbol('a')),
  texts,
  fc.uint8Array({ minLength: 12, maxLength: 12 }).map((id) => new ObjectId(id)),
  fc.date({ noInvalidDate: true }),
  fc.tuple(bytes, fc.constantFrom(0, 4, 128)).map(([data, type]) => new Binary(data, type)),
  fc.tuple(fc.nat(), fc.nat()).map(([t, i]) => new Timestamp({ t, i })),
  fc
    .tuple(fc.constantFrom('a', '^a', 'b'), fc.constantFrom('', 'i', 'im'))
    .map(([pattern, options]) => {
      return new BSONRegExp(pattern, options)
    }),
  texts.map((code) => new Code(code)),
  texts.map((code) => new Code(code, { a: new Int32(1) })),
)

/** Any value that a document can hold, nested ones among them. */
export const values: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    { arbitrary: numbers, weight: 4 },
    { arbitrary: others, weight: 4 },
    { arbitrary: fc.array(tie('value'), { maxLength: 3 }), weight: 2 },
    {
      arbitrary: fc.dictionary(fc.constantFrom('a', 'b', 'ab', 'é', ''), tie('value'), {
        maxKeys: 3,
      }),
      weight: 2,
    },
  ),
})).value
