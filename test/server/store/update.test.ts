import { BSON, Decimal128, Double, Int32, Long, type Document } from 'bson'
import { expect } from 'chai'
import { decode, encode } from '../../../server/store/bson/raw.js'
import { MongoError } from '../../../server/store/errors.js'
import { compilePlaceFinder } from '../../../server/store/query/match.js'
import { compileUpdate, type UpdateOptions } from '../../../server/store/update/update.js'
import { upsertDocument } from '../../../server/store/update/upsert.js'

const now = new Date('2026-01-02T03:04:05Z')

/** Requests arrive with each number's type. */
function arrived<T extends Document>(value: T): T {
  return (decode(encode({ value })) as { value: T }).value
}

interface Given extends Partial<UpdateOptions> {
  readonly filter?: Document
}

function applied(before: Document, update: Document | unknown[], given: Given = {}): Buffer {
  const { filter = {}, ...options } = given
  const compiled = compileUpdate(arrived(update), { now, ...options })
  const raw = encode(before)
  const position = compilePlaceFinder(arrived(filter))(raw)
  return compiled.apply(raw, { position })
}

function updated(before: Document, update: Document | unknown[], given: Given = {}): Document {
  return BSON.deserialize(applied(before, update, given))
}

/** Update, document before, document after. */
const CASES: readonly (readonly [string, Document, Document, Document])[] = [
  [
    'sets fields, new ones in the order of their names',
    { $set: { c: 1, b: 2 } },
    { a: 1 },
    { a: 1, b: 2, c: 1 },
  ],
  [
    'sets fields inside documents, which it makes',
    { $set: { 'a.b.c': 1 } },
    {},
    { a: { b: { c: 1 } } },
  ],
  [
    'sets fields whose names begin with a dollar',
    { $set: { $a: 1, 'b.$each': 2 } },
    {},
    { $a: 1, b: { $each: 2 } },
  ],
  ['sets elements and fills up with null', { $set: { 'a.2': 9 } }, { a: [1] }, { a: [1, null, 9] }],
  ['makes a document where a number is no place', { $set: { 'a.0': 9 } }, {}, { a: { 0: 9 } }],
  [
    'unsets fields and leaves places',
    { $unset: { a: '', 'b.1': '', 'x.y': '' } },
    { a: 1, b: [1, 2], x: 5 },
    { b: [1, null], x: 5 },
  ],
  ['adds', { $inc: { a: 2, b: 5 } }, { a: 1 }, { a: 3, b: 5 }],
  ['multiplies', { $mul: { a: 2, b: 5 } }, { a: 3 }, { a: 6, b: 0 }],
  ['keeps the least', { $min: { a: 1, b: 9, c: 1 } }, { a: 5, b: 5 }, { a: 1, b: 5, c: 1 }],
  [
    'keeps the greatest across types',
    { $max: { a: 'x', b: 1 } },
    { a: 5, b: 'y' },
    { a: 'x', b: 'y' },
  ],
  ['renames', { $rename: { a: 'b.c' } }, { a: 1, b: { d: 2 } }, { b: { d: 2, c: 1 } }],
  ['renames nothing that is missing', { $rename: { a: 'b' } }, { b: 1 }, { b: 1 }],
  ['sets the date', { $currentDate: { a: true } }, {}, { a: now }],
  ['leaves what is for new documents', { $setOnInsert: { a: 1 } }, { b: 1 }, { b: 1 }],
  ['pushes', { $push: { a: 3, b: 1 } }, { a: [1] }, { a: [1, 3], b: [1] }],
  ['pushes a document without $each whole', { $push: { a: { x: 1 } } }, {}, { a: [{ x: 1 }] }],
  [
    'pushes several at a position',
    { $push: { a: { $each: [8, 9], $position: 1 } } },
    { a: [1, 2] },
    { a: [1, 8, 9, 2] },
  ],
  [
    'pushes before the end',
    { $push: { a: { $each: [9], $position: -1 } } },
    { a: [1, 2] },
    { a: [1, 9, 2] },
  ],
  [
    'pushes, sorts and cuts',
    { $push: { a: { $each: [{ s: 2 }], $sort: { s: -1 }, $slice: 2 } } },
    { a: [{ s: 1 }, { s: 3 }] },
    { a: [{ s: 3 }, { s: 2 }] },
  ],
  [
    'sorts values',
    { $push: { a: { $each: [], $sort: 1, $slice: -2 } } },
    { a: [3, 1, 2] },
    { a: [2, 3] },
  ],
  [
    'adds to a set',
    { $addToSet: { a: { $each: [1, 2, 2] }, b: 1 } },
    { a: [1] },
    { a: [1, 2], b: [1] },
  ],
  ['pops', { $pop: { a: 1, b: -1 } }, { a: [1, 2], b: [1, 2] }, { a: [1], b: [2] }],
  ['pulls equal values', { $pull: { a: 1 } }, { a: [1, 2, 1] }, { a: [2] }],
  ['pulls by a condition', { $pull: { a: { $gte: 2 } } }, { a: [1, 2, 3] }, { a: [1] }],
  [
    'pulls documents by their fields',
    { $pull: { a: { x: 1 } } },
    { a: [{ x: 1, y: 1 }, { x: 2 }, 1] },
    { a: [{ x: 2 }, 1] },
  ],
  ['pulls nothing that is missing', { $pull: { a: 1 } }, {}, {}],
  ['pulls all of a list', { $pullAll: { a: [1, { x: 1 }] } }, { a: [1, 2, { x: 1 }] }, { a: [2] }],
  [
    'changes bits',
    { $bit: { a: { and: 6 }, b: { or: 1, xor: 3 } } },
    { a: 5, b: 4 },
    { a: 4, b: 6 },
  ],
  ['replaces', { b: 2 }, { _id: 1, a: 1 }, { _id: 1, b: 2 }],
  ['changes every element', { $inc: { 'a.$[]': 1 } }, { a: [1, 2] }, { a: [2, 3] }],
  [
    'changes a field of every element',
    { $set: { 'a.$[].x': 1 } },
    { a: [{}, { x: 2 }] },
    { a: [{ x: 1 }, { x: 1 }] },
  ],
]

const REFUSED: readonly (readonly [Document, Document, number])[] = [
  [{ $set: { _id: 2 } }, { _id: 1 }, 66],
  [{ _id: 2 }, { _id: 1 }, 66],
  [{ $unset: { _id: 1 } }, { _id: 1 }, 66],
  [{ $set: { a: 1 }, $inc: { a: 1 } }, {}, 40],
  [{ $set: { a: 1, 'a.b': 1 } }, {}, 40],
  [{ $rename: { a: 'b' }, $set: { b: 1 } }, {}, 40],
  [{ $set: { 'a.0': 1, 'a.$[]': 2 } }, { a: [1] }, 40],
  [{ $set: { 'a.b': 1 } }, { a: 5 }, 28],
  [{ $set: { 'a.b': 1 } }, { a: null }, 28],
  [{ $set: { 'a.x': 1 } }, { a: [1] }, 28],
  [{ $set: { '': 1 } }, {}, 56],
  [{ $set: { 'a.': 1 } }, {}, 56],
  [{ $set: 5 }, {}, 9],
  [{ $foo: { a: 1 } }, {}, 9],
  [{ $set: { a: 1 }, b: 1 }, {}, 9],
  [{ a: 1, $set: { b: 1 } }, {}, 52],
  [{ $inc: { a: 'x' } }, {}, 14],
  [{ $inc: { a: 1 } }, { a: 'x' }, 14],
  [{ $inc: { a: 1 } }, { a: Long.MAX_VALUE }, 2],
  [{ $push: { a: 1 } }, { a: 1 }, 2],
  [{ $push: { a: { $each: 1 } } }, {}, 2],
  [{ $push: { a: { $each: [], $what: 1 } } }, {}, 2],
  [{ $push: { a: { $each: [], $slice: 1.5 } } }, {}, 2],
  [{ $addToSet: { a: 1 } }, { a: 1 }, 2],
  [{ $pop: { a: 2 } }, { a: [] }, 9],
  [{ $pop: { a: 1 } }, { a: 1 }, 14],
  [{ $pull: { a: 1 } }, { a: 1 }, 2],
  [{ $pullAll: { a: 1 } }, { a: [] }, 2],
  [{ $bit: { a: { nand: 1 } } }, { a: 1 }, 2],
  [{ $bit: { a: { and: 1.5 } } }, { a: 1 }, 2],
  [{ $bit: { a: { and: 1 } } }, { a: 1.5 }, 2],
  [{ $rename: { a: 5 } }, { a: 1 }, 2],
  [{ $rename: { a: 'a' } }, { a: 1 }, 2],
  [{ $rename: { 'a.b': 'c' } }, { a: [{ b: 1 }] }, 2],
  [{ $currentDate: { a: 1 } }, {}, 2],
  [{ $set: { 'a.$': 1 } }, { a: [1] }, 2],
  [{ $set: { 'a.$[]': 1 } }, { a: 1 }, 2],
  [{ $set: { 'a.$[]': 1 } }, {}, 2],
  [{ $set: { 'a.$[x]': 1 } }, { a: [1] }, 2],
  [{ $set: { $: 1 } }, {}, 2],
]

describe('An update', () => {
  for (const [what, update, before, after] of CASES)
    it(what, () => {
      expect(JSON.stringify(updated(before, update))).to.equal(JSON.stringify(after))
    })

  it('refuses what MongoDB refuses, with its codes', () => {
    for (const [update, before, code] of REFUSED) {
      const attempt = (): unknown => applied(before, update)
      expect(attempt, JSON.stringify(update)).to.throw(MongoError).with.property('code', code)
    }
  })

  it('changes the element that the query matched', () => {
    const before = { a: [{ x: 1 }, { x: 2 }], b: 1 }
    const after = updated(before, { $set: { 'a.$.y': 5 } }, { filter: { b: 1, 'a.x': 2 } })
    expect(after).to.deep.equal({ a: [{ x: 1 }, { x: 2, y: 5 }], b: 1 })
  })

  it('changes the elements that array filters name, by what they were before', () => {
    const before = { a: [{ x: 1 }, { x: 2 }, { x: 1 }] }
    const update = { $set: { 'a.$[one].x': 7, 'a.$[one].y': 8 } }
    const after = updated(before, update, { arrayFilters: [{ 'one.x': 1 }] })
    expect(after).to.deep.equal({ a: [{ x: 7, y: 8 }, { x: 2 }, { x: 7, y: 8 }] })
  })

  it('refuses array filters that are wrong or not used', () => {
    const codes = [
      [{ 'one.x': 1 }, { 'two.x': 1 }],
      [{ one: 1, two: 1 }],
      [{ One: 1 }],
      [{ one: 1 }, { one: 2 }],
    ].map((arrayFilters) => {
      try {
        applied({ a: [] }, { $set: { 'a.$[one]': 1 } }, { arrayFilters })
        return 0
      } catch (error) {
        return error instanceof MongoError ? error.code : -1
      }
    })
    expect(codes).to.deep.equal([9, 9, 2, 9])
  })

  it('keeps the type of every number', () => {
    const before = {
      int: new Int32(1),
      double: new Double(1),
      long: Long.fromNumber(1),
      decimal: Decimal128.fromString('1.10'),
    }
    expect(applied(before, { $set: { int: 1 } }).equals(encode(before))).to.equal(true)
    const sums = decode(applied(before, { $inc: { int: 1, double: 1, long: 1, decimal: 1 } }))
    expect(sums['int']).to.be.instanceOf(Int32)
    expect(sums['double']).to.be.instanceOf(Double)
    expect(sums['long']).to.be.instanceOf(Long)
    expect(String(sums['decimal'])).to.equal('2.10')
  })

  it('lets an int grow to a long', () => {
    const after = decode(applied({ a: new Int32(2 ** 31 - 1) }, { $inc: { a: 1 } }))
    expect(after['a']).to.be.instanceOf(Long)
    expect(Number(after['a'])).to.equal(2 ** 31)
  })

  it('keeps names that JavaScript would reorder or mistake', () => {
    const raw = Buffer.concat([encode({ b: 1 }).subarray(0, -1), encode({ 2: 1 }).subarray(4)])
    raw.writeInt32LE(raw.length)
    const compiled = compileUpdate({ $set: { z: new Int32(1) } }, { now })
    const after = compiled.apply(raw)
    expect(after.subarray(4, raw.length - 1).equals(raw.subarray(4, -1))).to.equal(true)
    const proto = BSON.deserialize(encode(JSON.parse('{"__proto__":{"x":1}}') as Document))
    expect(applied(proto, { $set: { a: 1 } }).includes('__proto__')).to.equal(true)
  })

  it('runs a pipeline and keeps the `_id`', () => {
    const update = [
      { $set: { sum: { $add: ['$a', '$b'] } } },
      { $unset: ['a'] },
      { $project: { _id: 0 } },
    ]
    expect(updated({ _id: 1, a: 1, b: 2 }, update)).to.deep.equal({ _id: 1, b: 2, sum: 3 })
  })

  it('refuses stages that are not for updates', () => {
    const attempt = (): unknown => applied({}, [{ $match: {} }])
    expect(attempt).to.throw(MongoError).with.property('code', 72)
  })

  it('inserts what the filter demands and the update adds', () => {
    const upserted = (filter: Document, update: Document): Document => {
      const compiled = compileUpdate(arrived(update), { now })
      return BSON.deserialize(upsertDocument(arrived(filter), compiled))
    }
    const filter = { a: 1, b: { $gt: 5 }, $and: [{ 'c.d': { $eq: 2 } }], e: { $in: [7] } }
    expect(upserted(filter, { $set: { x: 1 }, $setOnInsert: { y: 2 } })).to.deep.equal({
      a: 1,
      c: { d: 2 },
      e: 7,
      x: 1,
      y: 2,
    })
    expect(upserted({ _id: 5, a: 1 }, { b: 2 })).to.deep.equal({ _id: 5, b: 2 })
    const twice = (): unknown => upserted({ a: 1, $and: [{ a: 2 }] }, { $set: { b: 1 } })
    expect(twice).to.throw(MongoError).with.property('code', 54)
  })
})
