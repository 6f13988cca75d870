import { Int32, type Document } from 'bson'
import { expect } from 'chai'
import { encode } from '../../../server/store/bson/raw.js'
import { MongoError } from '../../../server/store/errors.js'
import { compileFilter, compilePlaceFinder } from '../../../server/store/query/match.js'
import { FILTERS } from './support/filters.js'

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

describe('A filter', () => {
  for (const [what, filter, matching, others] of FILTERS)
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
