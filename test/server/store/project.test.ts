import { type Document } from 'bson'
import { BSON } from 'bson'
import { expect } from 'chai'
import { encode } from '../../../server/store/bson/raw.js'
import { MongoError } from '../../../server/store/errors.js'
import { compileProjection } from '../../../server/store/query/project.js'

function project(projection: Document, document: Document, filter: Document = {}): Document {
  const raw = encode(document)
  return BSON.deserialize(compileProjection(projection, { filter })?.(raw) ?? raw)
}

const DOCUMENT = {
  _id: 1,
  a: 2,
  b: { x: 1, y: { z: 2 } },
  c: [{ x: 1, y: 2 }, { x: 3 }, 5, [{ x: 7, y: 8 }]],
  d: [1, 2, 3, 4],
}

/** Projection, what it leaves of the document. */
const CASES: readonly (readonly [string, Document, Document])[] = [
  ['keeps what is named, and `_id`', { a: 1 }, { _id: 1, a: 2 }],
  ['keeps nothing else without `_id`', { a: true, _id: 0 }, { a: 2 }],
  ['keeps `_id` alone', { _id: 1 }, { _id: 1 }],
  ['takes away what is named', { b: 0, c: 0, d: 0 }, { _id: 1, a: 2 }],
  ['takes `_id` away alone', { _id: 0, b: 0, c: 0, d: 0 }, { a: 2 }],
  ['keeps fields of documents', { 'b.y': 1 }, { _id: 1, b: { y: { z: 2 } } }],
  [
    'keeps fields of documents in arrays',
    { c: { x: 1 }, _id: 0 },
    { c: [{ x: 1 }, { x: 3 }, [{ x: 7 }]] },
  ],
  [
    'takes fields of documents in arrays away',
    { 'c.x': 0, _id: 0, a: 0, b: 0, d: 0 },
    { c: [{ y: 2 }, {}, 5, [{ y: 8 }]] },
  ],
  ['keeps the order of the document', { d: 1, a: 1 }, { _id: 1, a: 2, d: [1, 2, 3, 4] }],
  ['leaves out what is below a plain value', { 'a.x': 1 }, { _id: 1 }],
  ['takes the first elements', { d: { $slice: 2 }, b: 0, c: 0 }, { _id: 1, a: 2, d: [1, 2] }],
  ['takes the last elements', { d: { $slice: -1 }, a: 1 }, { _id: 1, a: 2, d: [4] }],
  ['takes elements from a place', { d: { $slice: [1, 2] }, a: 1 }, { _id: 1, a: 2, d: [2, 3] }],
  [
    'takes elements from a place near the end',
    { d: { $slice: [-3, 2] }, a: 1 },
    { _id: 1, a: 2, d: [2, 3] },
  ],
  ['takes the element that matches', { d: { $elemMatch: { $gt: 2 } } }, { _id: 1, d: [3] }],
  ['takes the document that matches', { c: { $elemMatch: { x: 3 } } }, { _id: 1, c: [{ x: 3 }] }],
  ['takes nothing where no element matches', { d: { $elemMatch: { $gt: 9 } } }, { _id: 1 }],
  ['calculates', { e: { $add: ['$a', 1] }, _id: 0 }, { e: 3 }],
  [
    'calculates beside what it keeps',
    { a: 1, 'b.sum': { $add: ['$a', '$b.x'] }, 'b.x': 1 },
    { _id: 1, a: 2, b: { x: 1, sum: 3 } },
  ],
  ['renames by a path', { copy: '$b.x', _id: 0 }, { copy: 1 }],
]

const REFUSED: readonly (readonly [Document, number])[] = [
  [{ a: 1, b: 0 }, 31254],
  [{ a: 0, b: 1 }, 31253],
  [{ a: 1, 'a.b': 1 }, 31249],
  [{ 'a.b': 1, a: 1 }, 31250],
  [{ 'a.$': 1, 'b.$': 1 }, 31276],
  [{ a: 0, 'b.$': 1 }, 31395],
  [{ 'a.$': 1, b: { $elemMatch: { x: 1 } } }, 31255],
  [{ 'a.b': { $elemMatch: { x: 1 } } }, 31275],
  [{ a: { $elemMatch: 1 } }, 31274],
  [{ a: { $meta: 'textScore' } }, 40218],
  [{ a: { $slice: 'x' } }, 28667],
  [{ a: { $slice: [1, 0] } }, 28729],
  [{ a: {} }, 51270],
  [{ 'a.': 1 }, 40353],
  [{ $a: 1 }, 16410],
  [{ a: 0, b: 'x' }, 31252],
]

describe('A projection', () => {
  for (const [what, projection, expected] of CASES)
    it(what, () => {
      expect(JSON.stringify(project(projection, DOCUMENT))).to.equal(JSON.stringify(expected))
    })

  it('shows the element that the query matched', () => {
    expect(project({ 'd.$': 1 }, DOCUMENT, { d: { $gte: 3 } })).to.deep.equal({ _id: 1, d: [3] })
    const filter = { c: { $elemMatch: { x: 3 } } }
    expect(project({ 'c.$': 1, a: 1 }, DOCUMENT, filter)).to.deep.equal({
      _id: 1,
      a: 2,
      c: [{ x: 3 }],
    })
  })

  it('leaves everything as it is when it is empty', () => {
    expect(compileProjection({})).to.equal(undefined)
  })

  it('refuses what MongoDB refuses, with its codes', () => {
    for (const [projection, code] of REFUSED) {
      const attempt = (): unknown => compileProjection(projection)
      expect(attempt, JSON.stringify(projection)).to.throw(MongoError).with.property('code', code)
    }
    const attempt = (): unknown => project({ 'd.$': 1 }, DOCUMENT, { a: 2 })
    expect(attempt).to.throw(MongoError).with.property('code', 51246)
  })
})
