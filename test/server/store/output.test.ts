import { expect } from 'chai'
import { MongoClient, type Document } from 'mongodb'
import { startTestStore, type TestStore } from './support/store.js'

type Numbered = Document & { _id: number }

describe('Pipelines that write', function () {
  this.timeout(180_000)
  let store: TestStore
  let client: MongoClient

  before(async () => {
    store = await startTestStore()
    client = new MongoClient(store.uri)
    const source = client.db().collection<Numbered>('source')
    await source.insertMany([
      { _id: 1, n: 1 },
      { _id: 2, n: 2 },
      { _id: 3, n: 3 },
    ])
  })

  after(async () => {
    await client.close()
    await store.stop()
  })

  beforeEach(async () => {
    const target = client.db().collection<Numbered>('target')
    await target.drop()
    await target.insertMany([
      { _id: 1, old: true },
      { _id: 9, old: true },
    ])
    await target.createIndex({ n: 1 })
  })

  const run = (pipeline: Document[]): Promise<Document[]> =>
    client.db().collection<Numbered>('source').aggregate(pipeline).toArray()
  const target = (): Promise<Document[]> =>
    client.db().collection<Numbered>('target').find().sort({ _id: 1 }).toArray()

  it('replaces a collection with $out, and keeps its indexes', async () => {
    await run([{ $match: { _id: { $lt: 3 } } }, { $out: 'target' }])
    expect(await target()).to.deep.equal([
      { _id: 1, n: 1 },
      { _id: 2, n: 2 },
    ])
    const indexes = await client.db().collection('target').indexes()
    expect(indexes.map(({ name }) => name)).to.deep.equal(['_id_', 'n_1'])
  })

  it('merges into a collection, what is new and what is there', async () => {
    await run([{ $match: { _id: { $lt: 3 } } }, { $merge: { into: 'target' } }])
    expect(await target()).to.deep.equal([
      { _id: 1, old: true, n: 1 },
      { _id: 2, n: 2 },
      { _id: 9, old: true },
    ])
  })

  it('merges by a pipeline that sees the new document', async () => {
    const whenMatched = [{ $set: { n: { $add: ['$$new.n', 10] } } }]
    await run([{ $merge: { into: 'target', whenMatched, whenNotMatched: 'discard' } }])
    expect(await target()).to.deep.equal([
      { _id: 1, old: true, n: 11 },
      { _id: 9, old: true },
    ])
  })

  it('answers MongoDB’s code where the merge must fail', async () => {
    const error: unknown = await run([
      { $merge: { into: 'target', whenNotMatched: 'fail' } },
    ]).catch((thrown: unknown) => thrown)
    expect((error as { code?: number }).code).to.equal(13113)
  })
})
