import { expect } from 'chai'
import { BSON, Decimal128, Double, Long, MongoClient } from 'mongodb'
import { startTestStore, type TestStore } from './support/store.js'

describe('Expressions in the embedded store', function () {
  this.timeout(180_000)
  let store: TestStore
  let client: MongoClient

  before(async () => {
    store = await startTestStore()
    client = new MongoClient(store.uri)
  })

  after(async () => {
    await client.close()
    await store.stop()
  })

  /** The value as canonical extended JSON, in which each number shows its type. */
  const evaluate = async (expression: unknown): Promise<unknown> => {
    const document = { score: 7, tags: ['a', 'b'] }
    const found = await client
      .db()
      .aggregate([{ $documents: [document] }, { $project: { v: expression } }], {
        promoteValues: false,
        promoteLongs: false,
      })
      .toArray()
    return (JSON.parse(BSON.EJSON.stringify(found, { relaxed: false })) as { v?: unknown }[])[0]?.v
  }

  const cases: [title: string, expression: unknown, result: unknown][] = [
    ['adds ints to an int', { $add: ['$score', 1] }, { $numberInt: '8' }],
    ['widens an int that overflows', { $multiply: [2147483647, 2] }, { $numberLong: '4294967294' }],
    [
      'divides exactly in decimals',
      { $divide: [Decimal128.fromString('1'), 8] },
      { $numberDecimal: '0.125' },
    ],
    [
      'adds decimals without error',
      { $add: [Decimal128.fromString('0.1'), Decimal128.fromString('0.2')] },
      { $numberDecimal: '0.3' },
    ],
    ['rounds halves to even', { $round: [2.5] }, { $numberDouble: '2.0' }],
    ['compares numbers across types', { $eq: [Long.fromNumber(1), new Double(1)] }, true],
    ['tells missing from null', [{ $type: '$nothing' }, { $type: null }], ['missing', 'null']],
    [
      'maps with a variable',
      { $map: { input: '$tags', as: 't', in: { $concat: ['$$t', '!'] } } },
      ['a!', 'b!'],
    ],
    [
      'reduces',
      { $reduce: { input: [1, 2], initialValue: 0, in: { $add: ['$$value', '$$this'] } } },
      { $numberInt: '3' },
    ],
    [
      'sorts numbers for percentiles as numbers',
      { $percentile: { input: [10, 9, 100], p: [0.5], method: 'approximate' } },
      [{ $numberDouble: '10.0' }],
    ],
    [
      'knows the clock of a zone',
      {
        $dateToString: {
          date: new Date('2026-07-01T22:30:00Z'),
          format: '%d %H:%M %z',
          timezone: 'Europe/Madrid',
        },
      },
      '02 00:30 +0200',
    ],
    [
      'starts months at their first day',
      { $dateFromParts: { year: 2020, month: 2 } },
      { $date: { $numberLong: '1580515200000' } },
    ],
    [
      'keeps the last day of a shorter month',
      { $dateAdd: { startDate: new Date('2026-01-31'), unit: 'month', amount: 1 } },
      { $date: { $numberLong: '1772236800000' } },
    ],
    [
      'finds the place of a match in characters',
      { $regexFind: { input: 'é€x', regex: 'X', options: 'i' } },
      { match: 'x', idx: { $numberInt: '2' }, captures: [] },
    ],
    [
      'takes onError where a value cannot be converted',
      { $convert: { input: 'x', to: 'int', onError: 'no' } },
      'no',
    ],
    [
      'drops what is set to $$REMOVE',
      { $setField: { field: 'a', input: { a: 1, b: 2 }, value: '$$REMOVE' } },
      { b: { $numberInt: '2' } },
    ],
  ]
  for (const [title, expression, result] of cases)
    it(title, async () => expect(await evaluate(expression)).to.deep.equal(result))
})
