import { expect } from 'chai'
import { BSON, Decimal128, Double, Int32, Long, MongoClient, type Document } from 'mongodb'
import { startTestStore, type TestStore } from './support/store.js'

const LOSSLESS = { promoteValues: false, promoteLongs: false } as const

describe('Aggregation in the embedded store', function () {
  this.timeout(180_000)
  let store: TestStore
  let client: MongoClient

  before(async () => {
    store = await startTestStore()
    client = new MongoClient(store.uri)
    const people = client.db().collection<Document & { _id: number }>('people')
    await people.insertMany([
      {
        _id: 1,
        name: 'Ana',
        unit: 'north',
        score: new Int32(7),
        at: new Date('2026-01-05'),
        tags: ['a', 'b'],
      },
      {
        _id: 2,
        name: 'Bea',
        unit: 'south',
        score: new Double(8),
        at: new Date('2026-02-07'),
        tags: [],
      },
      {
        _id: 3,
        name: 'Cid',
        unit: 'north',
        score: Long.fromNumber(9),
        at: new Date('2026-02-09'),
        boss: 1,
      },
      {
        _id: 4,
        name: 'Dora',
        unit: null,
        score: Decimal128.fromString('1.5'),
        at: new Date('2026-03-01'),
        boss: 3,
      },
      { _id: 5, name: 'Eva', at: new Date('2026-03-01'), boss: 3, tags: ['c'] },
    ])
    await client
      .db()
      .collection<Document & { _id: string }>('units')
      .insertMany([
        { _id: 'north', title: 'North' },
        { _id: 'south', title: 'South' },
      ])
  })

  after(async () => {
    await client.close()
    await store.stop()
  })

  /** The result as canonical extended JSON, in which each number shows its type. */
  const run = async (pipeline: Document[], collection = 'people'): Promise<unknown[]> => {
    const found = await client.db().collection(collection).aggregate(pipeline, LOSSLESS).toArray()
    return JSON.parse(BSON.EJSON.stringify(found, { relaxed: false })) as unknown[]
  }
  const plain = (pipeline: Document[], collection = 'people'): Promise<Document[]> =>
    client.db().collection(collection).aggregate(pipeline).toArray()
  const codeOf = (pipeline: Document[]): Promise<unknown> =>
    plain(pipeline).then(
      () => undefined,
      (error: { code?: number }) => error.code,
    )

  it('keeps the type of every number that passes through', async () => {
    const found = await run([
      { $sort: { _id: 1 } },
      { $addFields: { more: 1 } },
      { $project: { score: 1, _id: 0 } },
    ])
    expect(found.slice(0, 4)).to.deep.equal([
      { score: { $numberInt: '7' } },
      { score: { $numberDouble: '8.0' } },
      { score: { $numberLong: '9' } },
      { score: { $numberDecimal: '1.5' } },
    ])
  })

  it('groups missing and null together, and sums in the widest type', async () => {
    const found = await run([
      {
        $group: {
          _id: '$unit',
          n: { $sum: 1 },
          total: { $sum: '$score' },
          names: { $push: '$name' },
        },
      },
      { $sort: { _id: 1 } },
    ])
    expect(found).to.deep.equal([
      {
        _id: null,
        n: { $numberInt: '2' },
        total: { $numberDecimal: '1.5' },
        names: ['Dora', 'Eva'],
      },
      { _id: 'north', n: { $numberInt: '2' }, total: { $numberLong: '16' }, names: ['Ana', 'Cid'] },
      { _id: 'south', n: { $numberInt: '1' }, total: { $numberDouble: '8.0' }, names: ['Bea'] },
    ])
  })

  it('joins by equal fields and by a pipeline with variables', async () => {
    const byField = await plain([
      { $match: { _id: { $in: [1, 5] } } },
      { $lookup: { from: 'units', localField: 'unit', foreignField: '_id', as: 'unit' } },
      { $project: { titles: '$unit.title' } },
    ])
    expect(byField).to.deep.equal([
      { _id: 1, titles: ['North'] },
      { _id: 5, titles: [] },
    ])
    const byPipeline = await plain([
      { $match: { _id: 3 } },
      {
        $lookup: {
          from: 'people',
          let: { me: '$_id' },
          pipeline: [
            { $match: { $expr: { $eq: ['$boss', '$$me'] } } },
            { $project: { name: 1, _id: 0 } },
          ],
          as: 'team',
        },
      },
    ])
    expect(byPipeline[0]?.team).to.deep.equal([{ name: 'Dora' }, { name: 'Eva' }])
  })

  it('walks a graph with the depth of each step', async () => {
    const [found] = await plain([
      { $match: { _id: 5 } },
      {
        $graphLookup: {
          from: 'people',
          startWith: '$boss',
          connectFromField: 'boss',
          connectToField: '_id',
          as: 'chain',
          depthField: 'depth',
        },
      },
    ])
    const chain = (found?.chain as { name: string; depth: number }[]).map(({ name, depth }) => [
      name,
      depth,
    ])
    expect(chain).to.have.deep.members([
      ['Cid', 0],
      ['Ana', 1],
    ])
  })

  it('unwinds, keeping what is empty only when asked', async () => {
    const pipeline = (keeps: boolean): Document[] => [
      { $unwind: { path: '$tags', includeArrayIndex: 'at', preserveNullAndEmptyArrays: keeps } },
      { $project: { tags: 1, at: 1 } },
    ]
    expect(await plain(pipeline(false))).to.deep.equal([
      { _id: 1, tags: 'a', at: 0 },
      { _id: 1, tags: 'b', at: 1 },
      { _id: 5, tags: 'c', at: 0 },
    ])
    expect(await plain(pipeline(true))).to.have.length(6)
  })

  it('runs facets over the same documents', async () => {
    const [found] = await plain([
      {
        $facet: {
          all: [{ $count: 'n' }],
          north: [{ $match: { unit: 'north' } }, { $project: { _id: 1 } }],
        },
      },
    ])
    expect(found).to.deep.equal({ all: [{ n: 5 }], north: [{ _id: 1 }, { _id: 3 }] })
  })

  it('puts into buckets, and says what fits none', async () => {
    const bucket = { groupBy: '$_id', boundaries: [1, 3, 5], output: { n: { $sum: 1 } } }
    expect(await plain([{ $bucket: { ...bucket, default: 'other' } }])).to.deep.equal([
      { _id: 1, n: 2 },
      { _id: 3, n: 2 },
      { _id: 'other', n: 1 },
    ])
    expect(await codeOf([{ $bucket: bucket }])).to.equal(40066)
    expect(await plain([{ $bucketAuto: { groupBy: '$_id', buckets: 2 } }])).to.deep.equal([
      { _id: { min: 1, max: 4 }, count: 3 },
      { _id: { min: 4, max: 5 }, count: 2 },
    ])
  })

  it('looks at neighbours', async () => {
    const found = await plain([
      {
        $setWindowFields: {
          sortBy: { at: 1 },
          output: {
            rank: { $rank: {} },
            place: { $documentNumber: {} },
            running: { $sum: '$_id', window: { documents: ['unbounded', 'current'] } },
            before: { $shift: { output: '$name', by: -1 } },
          },
        },
      },
      { $project: { rank: 1, place: 1, running: 1, before: 1 } },
    ])
    expect(found).to.deep.equal([
      { _id: 1, rank: 1, place: 1, running: 1, before: null },
      { _id: 2, rank: 2, place: 2, running: 3, before: 'Ana' },
      { _id: 3, rank: 3, place: 3, running: 6, before: 'Bea' },
      { _id: 4, rank: 4, place: 4, running: 10, before: 'Cid' },
      { _id: 5, rank: 4, place: 5, running: 15, before: 'Dora' },
    ])
  })

  it('fills gaps', async () => {
    const days = await client
      .db()
      .aggregate([
        {
          $documents: [
            { x: 1, y: 10 },
            { x: 4, y: 40 },
          ],
        },
        { $densify: { field: 'x', range: { step: 1, bounds: 'full' } } },
        { $fill: { sortBy: { x: 1 }, output: { y: { method: 'linear' } } } },
      ])
      .toArray()
    expect(days).to.deep.equal([
      { x: 1, y: 10 },
      { x: 2, y: 20 },
      { x: 3, y: 30 },
      { x: 4, y: 40 },
    ])
  })

  it('reshapes: keeps, takes away, calculates, replaces', async () => {
    const first = { $match: { _id: 1 } }
    expect(await plain([first, { $project: { name: 1, 'x.y': '$unit' } }])).to.deep.equal([
      { _id: 1, name: 'Ana', x: { y: 'north' } },
    ])
    expect(await plain([first, { $unset: ['at', 'tags', 'score'] }])).to.deep.equal([
      { _id: 1, name: 'Ana', unit: 'north' },
    ])
    expect(await plain([first, { $replaceWith: { n: '$name' } }])).to.deep.equal([{ n: 'Ana' }])
    expect(
      await plain([
        first,
        { $redact: { $cond: [{ $eq: ['$unit', 'north'] }, '$$PRUNE', '$$KEEP'] } },
      ]),
    ).to.be.empty
  })

  it('uses `let` of the command, and $$NOW', async () => {
    const found = await client
      .db()
      .collection('people')
      .aggregate(
        [{ $match: { $expr: { $gt: ['$score', '$$least'] } } }, { $project: { now: '$$NOW' } }],
        { let: { least: { $add: [4, 4] } } },
      )
      .toArray()
    expect(found.map(({ _id }) => _id as unknown)).to.deep.equal([3])
    expect(found[0]?.now).to.be.instanceOf(Date)
  })

  const refused: [title: string, stage: Document, code: number][] = [
    ['an unknown stage', { $nope: 1 }, 40324],
    ['a stage of two fields', { $match: {}, $limit: 1 }, 40323],
    ['an unknown expression', { $project: { a: { $nope: 1 } } }, 168],
    ['an unknown accumulator', { $group: { _id: 1, a: { $nope: 1 } } }, 15952],
    ['a group without _id', { $group: {} }, 15955],
    ['an unknown variable', { $project: { a: '$$nope' } }, 17276],
    ['a mixed projection', { $project: { a: 1, b: 0 } }, 31254],
    ['a limit of zero', { $limit: 0 }, 15958],
    ['JavaScript', { $project: { a: { $function: { body: '', args: [], lang: 'js' } } } }, 115],
    ['change streams', { $changeStream: {} }, 40573],
    ['division by zero', { $project: { a: { $divide: [1, 0] } } }, 2],
    ['a sum of text', { $project: { a: { $add: ['x', 1] } } }, 14],
  ]
  for (const [title, stage, code] of refused)
    it(`answers MongoDB’s code to ${title}`, async () =>
      expect(await codeOf([stage])).to.equal(code))
})
