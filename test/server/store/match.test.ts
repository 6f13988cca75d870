import {
  Binary,
  BSONRegExp,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  type Document,
} from 'bson'
import { expect } from 'chai'
import { encode } from '../../../server/store/bson/raw.js'
import { MongoError } from '../../../server/store/errors.js'
import { compileFilter, compilePlaceFinder } from '../../../server/store/query/match.js'

function matches(filter: Document, document: Document, options = {}): boolean {
  return compileFilter(filter, options)(encode(document))
}

function codeOf(filter: Document): number {
  try {
    compileFilter(filter)(encode({ a: 1 }))
  } catch (error) {
    if (error instanceof MongoError) return error.code
    throw error
  }
  return 0
}

const id = new ObjectId()
const decimal = (text: string): Decimal128 => Decimal128.fromString(text)

/** Filter, documents that it matches, documents that it does not match. */
const CASES: readonly (readonly [string, Document, readonly Document[], readonly Document[]])[] = [
  ['an ObjectId', { _id: id }, [{ _id: id }], [{ _id: new ObjectId() }, { _id: id.toHexString() }]],
  [
    'numbers of all types',
    { a: 1 },
    [{ a: new Double(1) }, { a: Long.ONE }, { a: decimal('1.0') }],
    [{ a: '1' }, { a: true }, {}],
  ],
  ['elements of an array', { a: 1 }, [{ a: [1, 2] }], [{ a: [[1]] }, { a: [] }]],
  [
    'a whole array',
    { a: [1, 2] },
    [{ a: [1, 2] }, { a: [[1, 2], 3] }],
    [{ a: [2, 1] }, { a: [1, 2, 3] }],
  ],
  [
    'a document with its fields in order',
    { a: { x: 1, y: 2 } },
    [{ a: { x: 1, y: 2 } }, { a: [{ x: 1, y: 2 }] }],
    [{ a: { y: 2, x: 1 } }, { a: { x: 1 } }],
  ],
  [
    'null and what is missing',
    { a: null },
    [{ a: null }, {}, { a: [1, null] }],
    [{ a: [] }, { a: 0 }],
  ],
  [
    'null below an array only where an object lacks the field',
    { 'a.b': null },
    [{ a: [{ b: 1 }, {}] }, { a: 5 }, {}],
    [{ a: [] }, { a: [1] }, { a: [{ b: 1 }] }],
  ],
  [
    'paths through objects and arrays',
    { 'a.b.c': 1 },
    [{ a: { b: { c: 1 } } }, { a: [{ b: [{ c: 1 }] }] }],
    [{ a: { b: 1 } }, { a: [[{ b: { c: 1 } }]] }],
  ],
  [
    'an element by its place',
    { 'a.1': 2 },
    [{ a: [1, 2] }, { a: { 1: 2 } }, { a: [{ 1: 2 }] }],
    [{ a: [2, 1] }],
  ],
  [
    'a field of an element by its place',
    { 'a.1.b': 2 },
    [{ a: [{ b: 1 }, { b: 2 }] }],
    [{ a: [{ b: 2 }, { b: 1 }] }],
  ],
  [
    'an inequality, also where it is missing',
    { a: { $ne: 1 } },
    [{ a: 2 }, {}, { a: [2, 3] }],
    [{ a: 1 }, { a: [1, 2] }],
  ],
  [
    'a range within one type',
    { a: { $gt: 5 } },
    [{ a: 6 }, { a: decimal('5.1') }, { a: [1, 9] }],
    [{ a: 5 }, { a: 'z' }, { a: new Date() }, {}],
  ],
  [
    'two limits that different elements may meet',
    { a: { $gt: 5, $lt: 3 } },
    [{ a: [1, 9] }],
    [{ a: 4 }, { a: [4] }],
  ],
  [
    'a range of texts',
    { a: { $gte: 'b', $lt: 'c' } },
    [{ a: 'b' }, { a: 'bz' }],
    [{ a: 'c' }, { a: 1 }],
  ],
  ['null in a range', { a: { $gte: null } }, [{ a: null }, {}], [{ a: 1 }]],
  ['NaN with itself only', { a: { $gte: Number.NaN } }, [{ a: Number.NaN }], [{ a: 1 }, {}]],
  ['no NaN below a number', { a: { $lt: 5 } }, [{ a: -Infinity }], [{ a: Number.NaN }]],
  [
    'everything above MinKey',
    { a: { $gt: new MinKey() } },
    [{ a: 1 }, { a: 'x' }, { a: new MaxKey() }],
    [{ a: new MinKey() }],
  ],
  [
    'longs beyond what a double holds',
    { a: { $gt: Long.fromBigInt(2n ** 53n) } },
    [{ a: Long.fromBigInt(2n ** 53n + 1n) }],
    [{ a: Long.fromBigInt(2n ** 53n) }],
  ],
  ['a list', { a: { $in: [1, 'x', null] } }, [{ a: 1 }, { a: 'x' }, {}, { a: [0, 1] }], [{ a: 2 }]],
  [
    'a long list',
    { a: { $in: [1, 2, 3, 4, 5, 6, 7, 8, 9, 'x'] } },
    [{ a: new Double(9) }, { a: 'x' }, { a: [0, 4] }],
    [{ a: 10 }, {}, { a: '9' }],
  ],
  ['a list with an expression', { a: { $in: [/^x/, 5] } }, [{ a: 'xy' }, { a: 5 }], [{ a: 'y' }]],
  ['nothing of a list', { a: { $nin: [1, 2] } }, [{ a: 3 }, {}], [{ a: 1 }, { a: [3, 2] }]],
  ['both of two', { $and: [{ a: 1 }, { b: 2 }] }, [{ a: 1, b: 2 }], [{ a: 1 }]],
  ['one of two', { $or: [{ a: 1 }, { b: 2 }] }, [{ a: 1 }, { b: 2 }], [{ a: 2 }]],
  ['neither of two', { $nor: [{ a: 1 }, { b: 2 }] }, [{ a: 2 }], [{ a: 1 }, { b: 2 }]],
  [
    'what is not in a range',
    { a: { $not: { $gt: 5 } } },
    [{ a: 5 }, {}, { a: 'x' }],
    [{ a: 6 }, { a: [1, 6] }],
  ],
  ['what does not match an expression', { a: { $not: /x/ } }, [{ a: 'y' }, {}], [{ a: 'x' }]],
  ['presence', { a: { $exists: true } }, [{ a: null }, { a: [] }], [{}]],
  [
    'absence',
    { 'a.b': { $exists: false } },
    [{}, { a: 1 }, { a: [{}] }],
    [{ a: { b: 1 } }, { a: [{}, { b: 1 }] }],
  ],
  ['a type', { a: { $type: 'string' } }, [{ a: 'x' }, { a: [1, 'x'] }], [{ a: 1 }, {}]],
  ['several types', { a: { $type: ['number', 8] } }, [{ a: 1.5 }, { a: true }], [{ a: 'x' }]],
  ['an array as a type', { a: { $type: 'array' } }, [{ a: [] }], [{ a: {} }]],
  [
    'a remainder',
    { a: { $mod: [4, 1] } },
    [{ a: 5 }, { a: 5.9 }, { a: Long.fromNumber(9) }],
    [{ a: 4 }, { a: 'x' }, { a: Number.NaN }, { a: -3 }],
  ],
  [
    'an expression',
    { a: { $regex: '^AB', $options: 'i' } },
    [{ a: 'abc' }, { a: ['x', 'Abc'] }],
    [{ a: 'xab' }, { a: 1 }],
  ],
  [
    'an expression over lines',
    { a: { $regex: '^b$', $options: 'm' } },
    [{ a: 'a\nb\nc' }],
    [{ a: 'ab' }],
  ],
  [
    'an expression with white space',
    { a: { $regex: 'a b # it\n c', $options: 'x' } },
    [{ a: 'abc' }],
    [{ a: 'a b c' }],
  ],
  [
    'options inside an expression',
    { a: new BSONRegExp('(?i)ABC', '') },
    [{ a: 'abc' }],
    [{ a: 'ab' }],
  ],
  [
    'the end before a last line feed',
    { a: { $regex: 'a$' } },
    [{ a: 'a' }, { a: 'a\n' }],
    [{ a: 'ab' }],
  ],
  [
    'a stored expression',
    { a: new BSONRegExp('x', 'i') },
    [{ a: new BSONRegExp('x', 'i') }],
    [{ a: new BSONRegExp('x', '') }],
  ],
  ['all of a list', { a: { $all: [1, 2] } }, [{ a: [2, 1, 3] }], [{ a: [1] }, { a: 1 }]],
  ['all of a list of one', { a: { $all: [1] } }, [{ a: 1 }, { a: [1] }], [{ a: 2 }]],
  ['all of no list', { a: { $all: [] } }, [], [{ a: [] }, { a: 1 }]],
  [
    'all with conditions on elements',
    { a: { $all: [{ $elemMatch: { x: 1 } }, { $elemMatch: { x: 2 } }] } },
    [{ a: [{ x: 2 }, { x: 1 }] }],
    [{ a: [{ x: 1 }] }],
  ],
  [
    'one element that is a document',
    { a: { $elemMatch: { x: 1, y: { $gt: 1 } } } },
    [{ a: [{ x: 1, y: 2 }] }],
    [{ a: [{ x: 1 }, { y: 2 }] }, { a: { x: 1, y: 2 } }],
  ],
  [
    'one element that is a value',
    { a: { $elemMatch: { $gt: 1, $lt: 5 } } },
    [{ a: [9, 3] }],
    [{ a: [0, 9] }, { a: 3 }, { a: [[3]] }],
  ],
  [
    'one element below a path',
    { 'a.b': { $elemMatch: { $eq: 1 } } },
    [{ a: [{ b: [1] }] }],
    [{ a: [{ b: 1 }] }],
  ],
  [
    'no element',
    { a: { $not: { $elemMatch: { x: 1 } } } },
    [{ a: [{ x: 2 }] }, {}],
    [{ a: [{ x: 1 }] }],
  ],
  [
    'an alternative inside an element',
    { a: { $elemMatch: { $or: [{ x: 1 }, { y: 1 }] } } },
    [{ a: [{ y: 1 }] }],
    [{ a: [{ x: 2 }] }],
  ],
  [
    'a size',
    { a: { $size: 2 } },
    [{ a: [1, 2] }, { a: [[], []] }],
    [{ a: [1] }, { a: 2 }, {}, { a: [[1, 2]] }],
  ],
  [
    'bits that are set',
    { a: { $bitsAllSet: [1, 2] } },
    [{ a: 6 }, { a: 7 }, { a: -1 }],
    [{ a: 2 }, { a: 'x' }, { a: 6.5 }],
  ],
  [
    'bits by a mask',
    { a: { $bitsAnySet: 5 } },
    [{ a: 1 }, { a: new Binary(Buffer.from([4])) }],
    [{ a: 2 }],
  ],
  ['bits that are clear', { a: { $bitsAllClear: 5 } }, [{ a: 2 }, { a: 0 }], [{ a: 1 }]],
  ['one bit that is clear', { a: { $bitsAnyClear: 3 } }, [{ a: 1 }], [{ a: 3 }]],
  ['a comment beside', { a: { $gt: 1, $comment: 'x' }, $comment: 'y' }, [{ a: 2 }], [{ a: 1 }]],
  [
    'two fields of one document',
    { $expr: { $gt: ['$a', '$b'] } },
    [{ a: 2, b: 1 }],
    [{ a: 1, b: 2 }],
  ],
  [
    'a reference',
    { a: { $ref: 'c', $id: 1 } },
    [{ a: { $ref: 'c', $id: 1 } }],
    [{ a: { $ref: 'c', $id: 2 } }],
  ],
  [
    'a part of a reference',
    { 'a.$id': 1 },
    [{ a: { $ref: 'c', $id: 1 } }],
    [{ a: { $ref: 'c', $id: 2 } }],
  ],
  ['everything', {}, [{}, { a: 1 }], []],
]

describe('A filter', () => {
  for (const [what, filter, matching, others] of CASES)
    it(`matches ${what}`, () => {
      for (const document of matching)
        expect(matches(filter, document), JSON.stringify(document)).to.equal(true)
      for (const document of others)
        expect(matches(filter, document), JSON.stringify(document)).to.equal(false)
    })

  it('compares by a collation at its strength', () => {
    const of = (strength: number): Document => ({
      collation: { locale: 'fr', strength: new Int32(strength) },
    })
    expect(matches({ a: 'ETE' }, { a: 'été' }, of(1))).to.equal(true)
    expect(matches({ a: 'ÉTÉ' }, { a: 'été' }, of(2))).to.equal(true)
    expect(matches({ a: 'ETE' }, { a: 'été' }, of(2))).to.equal(false)
    expect(matches({ a: 'Été' }, { a: 'été' }, of(3))).to.equal(false)
    expect(matches({ a: { $in: ['ETE'] } }, { a: ['été'] }, of(1))).to.equal(true)
    expect(matches({ a: { $lt: 'f' } }, { a: 'é' }, of(3))).to.equal(true)
    expect(matches({ a: { x: 'E' } }, { a: { x: 'e' } }, of(1))).to.equal(true)
  })

  it('checks documents by a schema', () => {
    const filter = {
      $jsonSchema: {
        bsonType: 'object',
        required: ['name'],
        properties: {
          name: { bsonType: 'string', minLength: 2, pattern: '^A' },
          year: { bsonType: 'int', minimum: 2000, maximum: 2030, exclusiveMaximum: true },
          tags: { bsonType: 'array', items: { enum: ['x', 'y'] }, uniqueItems: true, maxItems: 2 },
          place: { bsonType: 'object', additionalProperties: false, properties: { city: {} } },
        },
      },
    }
    const good = { name: 'Ada', year: 2020, tags: ['x', 'y'], place: { city: 'Oslo' } }
    expect(matches(filter, good)).to.equal(true)
    const wrong = [
      { year: 2020 },
      { name: 'A' },
      { name: 'Bob' },
      { name: 'Ada', year: 2030 },
      { name: 'Ada', year: 2020.5 },
      { name: 'Ada', tags: ['x', 'x'] },
      { name: 'Ada', tags: ['z'] },
      { name: 'Ada', place: { town: 'Oslo' } },
    ]
    for (const document of wrong)
      expect(matches(filter, document), JSON.stringify(document)).to.equal(false)
  })

  it('finds the place of the element that matched', () => {
    const place = (filter: Document, document: Document): number | undefined =>
      compilePlaceFinder(filter)(encode(document))
    expect(place({ a: 3 }, { a: [1, 2, 3] })).to.equal(2)
    expect(place({ 'a.b': 3 }, { a: [{ b: [1, 3] }, { b: 3 }] })).to.equal(0)
    expect(place({ a: { $elemMatch: { b: 3 } } }, { a: [{ b: 1 }, { b: 3 }] })).to.equal(1)
    expect(place({ $or: [{ a: 2, b: 9 }, { c: 5 }] }, { a: [1, 2], b: 1, c: [5] })).to.equal(0)
    expect(place({ a: 3 }, { a: 3 })).to.equal(undefined)
  })

  it('refuses what MongoDB refuses, with its codes', () => {
    const REFUSED: readonly (readonly [Document, number])[] = [
      [{ $foo: 1 }, 2],
      [{ a: { $foo: 1 } }, 2],
      [{ a: { $gt: 1, b: 1 } }, 2],
      [{ $and: [] }, 2],
      [{ $or: 1 }, 2],
      [{ $nor: [1] }, 2],
      [{ a: { $in: 1 } }, 2],
      [{ a: { $in: [{ $gt: 1 }] } }, 2],
      [{ a: { $all: 1 } }, 2],
      [{ a: { $size: -1 } }, 2],
      [{ a: { $size: 'x' } }, 2],
      [{ a: { $mod: [0, 1] } }, 2],
      [{ a: { $mod: [1] } }, 2],
      [{ a: { $not: 1 } }, 2],
      [{ a: { $not: {} } }, 2],
      [{ a: { $options: 'i' } }, 2],
      [{ a: { $regex: 'a', $options: 'q' } }, 51108],
      [{ a: { $regex: '(' } }, 51091],
      [{ a: { $ne: /x/ } }, 2],
      [{ a: { $gt: /x/ } }, 2],
      [{ a: { $type: 'nothing' } }, 2],
      [{ a: { $type: 99 } }, 2],
      [{ a: { $elemMatch: 1 } }, 2],
      [{ a: { $elemMatch: { $expr: true } } }, 2],
      [{ $text: { $search: 'x' } }, 27],
      [{ $where: 'true' }, 2],
      [{ a: { $near: [0, 0] } }, 291],
      [{ a: { $geoWithin: {} } }, 115],
      [{ $jsonSchema: { nonsense: 1 } }, 9],
    ]
    for (const [filter, code] of REFUSED)
      expect(codeOf(filter), JSON.stringify(filter)).to.equal(code)
  })
})
