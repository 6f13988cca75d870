import { Decimal128, Int32, Long, MaxKey, MinKey, type Document } from 'bson'
import { expect } from 'chai'
import { decode, encode } from '../../../server/store/bson/raw.js'
import { MongoError } from '../../../server/store/errors.js'
import { planSort, sortRows } from '../../../server/store/query/sort.js'
import { beginSlice, endSlice } from '../../../server/store/slices.js'

function sorted(sort: Document, documents: readonly Document[], options = {}): unknown[] {
  const rows = documents.map((document, at) => ({ raw: encode(document), at }))
  return [...sortRows(rows, planSort(sort, options))].map((row) => row?.at)
}

describe('A sort', () => {
  it('orders types as MongoDB does', () => {
    const values = [new MaxKey(), true, 'x', { a: 1 }, [9], 3, null, new MinKey()]
    const order = sorted(
      { a: 1 },
      values.map((a) => ({ a })),
    )
    expect(order).to.deep.equal([7, 6, 5, 4, 2, 3, 1, 0])
  })

  it('takes what is missing for null and an empty array for less', () => {
    expect(sorted({ a: 1 }, [{ a: 1 }, {}, { a: [] }, { a: null }])).to.deep.equal([2, 1, 3, 0])
  })

  it('takes the least element of an array, or the greatest where it falls', () => {
    const documents = [{ a: [5, 1] }, { a: 3 }, { a: [2, 9] }]
    expect(sorted({ a: 1 }, documents)).to.deep.equal([0, 2, 1])
    expect(sorted({ a: -1 }, documents)).to.deep.equal([2, 0, 1])
  })

  it('sorts by several fields of the same element', () => {
    const documents = [
      {
        a: [
          { x: 1, y: 9 },
          { x: 2, y: 1 },
        ],
      },
      { a: [{ x: 1, y: 5 }] },
    ]
    expect(sorted({ 'a.x': 1, 'a.y': 1 }, documents)).to.deep.equal([1, 0])
  })

  it('orders numbers of all types exactly', () => {
    const large = 2n ** 53n
    const values = [
      Long.fromBigInt(large + 1n),
      Decimal128.fromString('1E30'),
      2 ** 53,
      new Int32(1),
    ]
    expect(
      sorted(
        { a: 1 },
        values.map((a) => ({ a })),
      ),
    ).to.deep.equal([3, 2, 0, 1])
  })

  it('keeps the order of rows that are equal', () => {
    expect(sorted({ a: -1 }, [{ a: 1, b: 1 }, { a: 2 }, { a: 1, b: 2 }])).to.deep.equal([1, 0, 2])
  })

  it('orders texts by a collation', () => {
    const names = ['zoé', 'Éric', 'eric', 'Zoe'].map((a) => ({ a }))
    expect(sorted({ a: 1 }, names)).to.deep.equal([3, 2, 0, 1])
    const collation = { locale: 'fr', strength: new Int32(1) }
    expect(sorted({ a: 1 }, names, { collation })).to.deep.equal([1, 2, 0, 3])
  })

  it('keeps the first of many when there is a limit', () => {
    const rows = Array.from({ length: 5000 }, (_, at) => ({
      raw: encode({ a: (at * 7919) % 5000 }),
    }))
    const first = [...sortRows(rows, planSort({ a: 1 }, {}), 3)]
    const found = first.map((row) => row && Number(decode(row.raw)['a']))
    expect(found).to.deep.equal([0, 1, 2])
  })

  it('lets others in while it sorts many, and sorts them all the same', () => {
    const rows = Array.from({ length: 20_000 }, (_, at) => ({
      raw: encode({ a: (at * 7919) % 1000 }),
      at,
    }))
    beginSlice(0)
    try {
      const found = [...sortRows(rows, planSort({ a: 1 }, {}))]
      expect(found.filter((row) => row === undefined)).to.have.length.above(100)
      const order = found.flatMap((row) => (row === undefined ? [] : [row.at]))
      const expected = rows
        .map(({ at }) => at)
        .sort((a, b) => ((a * 7919) % 1000) - ((b * 7919) % 1000))
      expect(order).to.deep.equal(expected)
    } finally {
      endSlice()
    }
  })

  it('refuses what MongoDB refuses, with its codes', () => {
    const codes = [{ a: 2 }, { a: 'x' }, { a: { $meta: 'textScore' } }, { '': 1 }, { $a: 1 }].map(
      (sort) => {
        try {
          planSort(sort, {})
          return 0
        } catch (error) {
          return error instanceof MongoError ? error.code : -1
        }
      },
    )
    expect(codes).to.deep.equal([15975, 15974, 40218, 40352, 16410])
  })
})
