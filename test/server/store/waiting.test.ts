import { expect } from 'chai'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MongoClient, type Collection, type Document } from 'mongodb'
import { serve, type RunningStore } from '../../../server/store/server.js'

type Numbered = Document & { _id: number }

const MANY = 20_000
/** Short reads that must get through while a long one runs; it pauses many times more often. */
const LEAST_ANSWERED = 3

const LONG: Readonly<Record<string, readonly Document[]>> = {
  'a look at every document': [{ $match: { text: /y$/ } }],
  'a sort of them all': [{ $sort: { text: 1, n: -1 } }, { $skip: MANY - 1 }],
  'a group for each': [{ $group: { _id: '$n', most: { $max: '$text' } } }, { $count: 'groups' }],
  'a facet': [{ $facet: { a: [{ $match: { text: /y$/ } }], b: [{ $count: 'n' }] } }],
  buckets: [{ $bucketAuto: { groupBy: '$n', buckets: 4 } }],
  'arrays taken apart': [
    { $limit: 20 },
    { $set: { list: { $range: [0, 2000] } } },
    { $unwind: '$list' },
    { $count: 'n' },
  ],
}

describe('A long read', function () {
  this.timeout(180_000)
  let directory: string
  let store: RunningStore
  let client: MongoClient
  let collection: Collection<Numbered>

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'palier-waiting-'))
    const socket = join(directory, 's.sock')
    // In this very process, so that the store and those who ask it have equal shares of time.
    store = await serve({ directory, listen: socket })
    client = new MongoClient(`mongodb://${encodeURIComponent(socket)}/palier?directConnection=true`)
    collection = client.db().collection<Numbered>('many')
    const documents = Array.from({ length: MANY }, (_, n) => ({
      _id: n,
      n: (n * 7919) % MANY,
      text: 'x'.repeat(100),
    }))
    await collection.insertMany(documents)
  })

  after(async () => {
    await client.close()
    await store.close()
    rmSync(directory, { recursive: true, force: true })
  })

  for (const [name, pipeline] of Object.entries(LONG))
    it(`lets others through: ${name}`, async () => {
      let isOver = false
      const long = collection
        .aggregate(pipeline as Document[])
        .toArray()
        .finally(() => (isOver = true))
      let answered = 0
      for (; !isOver; answered += 1)
        expect((await collection.findOne({ _id: answered }))?._id).to.equal(answered)
      await long
      expect(answered).to.be.above(LEAST_ANSWERED)
    })
})
