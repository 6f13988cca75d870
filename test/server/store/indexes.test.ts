import { expect } from 'chai'
import { MongoClient, type Collection, type CreateIndexesOptions, type Document } from 'mongodb'
import { startTestStore, type TestStore } from './support/store.js'

type Numbered = Document & { _id: number | string }

/** Case counts for nothing, accents do. */
const collation = { locale: 'en', strength: 2 }

describe('An index that is not ordered by bytes', function () {
  this.timeout(180_000)
  let store: TestStore
  let client: MongoClient
  let collection: Collection<Numbered>

  before(async () => {
    store = await startTestStore()
    client = new MongoClient(store.uri)
  })

  beforeEach(async () => {
    collection = client.db().collection<Numbered>('a')
    await collection.drop()
  })

  after(async () => {
    await client.close()
    await store.stop()
  })

  const codeOf = (act: Promise<unknown>): Promise<unknown> =>
    act.then(
      () => 'it was done',
      (error: { code?: number }) => error.code,
    )
  const creating = (key: Document, options: CreateIndexesOptions = {}): Promise<unknown> =>
    codeOf(collection.createIndex(key as Record<string, 1>, options))
  const errors = async (): Promise<unknown> =>
    (await client.db().command({ validate: 'a' }))['errors'] as unknown

  it('is unique as its collation compares, through every change', async () => {
    await collection.createIndex({ name: 1 }, { unique: true, collation })
    await collection.insertMany([
      { _id: 1, name: 'Éva' },
      { _id: 2, name: 'eva' },
      { _id: 3, name: 'Tom' },
    ])
    expect(await codeOf(collection.insertOne({ _id: 4, name: 'TOM' }))).to.equal(11000)
    expect(await codeOf(collection.updateOne({ _id: 2 }, { $set: { name: 'ÉVA' } }))).to.equal(
      11000,
    )
    await collection.updateOne({ _id: 3 }, { $set: { name: 'tOM' } })
    await collection.deleteOne({ _id: 1 })
    await collection.updateOne({ _id: 2 }, { $set: { name: 'ÉVA' } })
    await collection.insertOne({ _id: 5, name: 'Eva' })
    const found = await collection.find({ name: 'TOM' }, { collation }).toArray()
    expect(found.map(({ _id }) => _id)).to.deep.equal([3])
    expect(await errors()).to.deep.equal([])
  })

  it('refuses duplicates that are there already, and tells one document from many', async () => {
    await collection.insertMany([
      { _id: 1, tags: ['a', 'A'] },
      { _id: 2, tags: ['b'] },
    ])
    expect(await creating({ tags: 1 }, { unique: true, collation })).to.equal('it was done')
    expect(await codeOf(collection.insertOne({ _id: 3, tags: ['c', 'B'] }))).to.equal(11000)
    await collection.dropIndexes()
    await collection.insertOne({ _id: 3, tags: ['B'] })
    expect(await creating({ tags: 1 }, { unique: true, collation })).to.equal(11000)
  })

  it('compares as its collection does, unless it says otherwise', async () => {
    await client.db().createCollection('a', { collation })
    await collection.createIndex({ name: 1 }, { unique: true })
    await collection.createIndex({ code: 1 }, { unique: true, collation: { locale: 'simple' } })
    await collection.insertOne({ _id: 'x', name: 'a', code: 'a' })
    expect(await codeOf(collection.insertOne({ _id: 'X', name: 'b', code: 'b' }))).to.equal(11000)
    expect(await codeOf(collection.insertOne({ _id: 'y', name: 'A', code: 'c' }))).to.equal(11000)
    await collection.insertOne({ _id: 'z', name: 'z', code: 'A' })
    const listed = (await collection.indexes()).map(({ collation: own }) => own !== undefined)
    expect(listed).to.deep.equal([true, true, false])
  })

  it('finds by a hash what equals, and gives no order', async () => {
    await collection.insertMany(
      Array.from({ length: 300 }, (_, n) => ({ _id: n, a: n % 7 === 0 ? null : n % 10, b: n })),
    )
    await collection.createIndex({ a: 'hashed', b: 1 })
    expect((await collection.indexes())[1]?.key).to.deep.equal({ a: 'hashed', b: 1 })
    for (const filter of [{ a: 3 }, { a: null }, { a: { $in: [1, 2] } }, { a: { $gt: 7 } }]) {
      const found = await collection.find(filter).sort({ a: 1, b: -1 }).toArray()
      const scanned = await collection
        .find(filter)
        .hint({ $natural: 1 })
        .sort({ a: 1, b: -1 })
        .toArray()
      expect(found).to.deep.equal(scanned)
    }
    const plan = JSON.stringify(await collection.find({ a: 3 }).explain())
    expect(plan).to.contain('a_hashed_b_1')
    expect(await errors()).to.deep.equal([])
  })

  it('refuses what MongoDB refuses of indexes, with its codes', async () => {
    expect(await creating({ a: 'hashed' }, { unique: true })).to.equal(16764)
    expect(await creating({ a: 'hashed', b: 'hashed' })).to.equal(31303)
    expect(await creating({ a: 1 }, { wildcardProjection: { b: 1 } })).to.equal(67)
    await collection.createIndex({ a: 'hashed' })
    expect(await codeOf(collection.insertOne({ _id: 1, a: [1] }))).to.equal(16766)
    expect(await collection.countDocuments()).to.equal(0)
  })
})
