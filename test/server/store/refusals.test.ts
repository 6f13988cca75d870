import { expect } from 'chai'
import { MongoClient, type Document } from 'mongodb'
import { startTestStore, type TestStore } from './support/store.js'

describe('What the embedded store does not do', function () {
  this.timeout(180_000)
  let store: TestStore
  let client: MongoClient

  before(async () => {
    store = await startTestStore()
    client = new MongoClient(store.uri)
    await client.db().collection<Document>('a').insertOne({ n: 1 })
  })

  after(async () => {
    await client.close()
    await store.stop()
  })

  const codeOf = (command: Document, database = 'palier'): Promise<unknown> =>
    client
      .db(database)
      .command(command)
      .then(
        () => 'it was done',
        (error: { code?: number }) => error.code,
      )

  const refused: [title: string, command: Document, code: number, database?: string][] = [
    ['an unknown command', { nope: 1 }, 59],
    ['an unknown argument', { find: 'a', nope: 1 }, 40415],
    ['capped collections', { create: 'c', capped: true, size: 1000 }, 115],
    ['time series', { create: 't', timeseries: { timeField: 't' } }, 115],
    [
      'clustered collections',
      { create: 'k', clusteredIndex: { key: { _id: 1 }, unique: true } },
      115,
    ],
    ['a lock for file copies', { fsync: 1, lock: true }, 115, 'admin'],
    ['JavaScript in a filter', { find: 'a', filter: { $where: 'true' } }, 2],
    ['text search without an index for it', { find: 'a', filter: { $text: { $search: 'x' } } }, 27],
    ['an unknown operator', { find: 'a', filter: { n: { $nope: 1 } } }, 2],
    [
      'an unknown update operator',
      { findAndModify: 'a', query: {}, update: { $nope: { n: 1 } } },
      9,
    ],
    ['linearizable reads', { find: 'a', readConcern: { level: 'linearizable' } }, 123],
    ['transactions', { find: 'a', txnNumber: 1, startTransaction: true, autocommit: false }, 20],
    ['administration outside of admin', { renameCollection: 'palier.a', to: 'palier.b' }, 13],
  ]
  for (const [title, command, code, database] of refused)
    it(`answers MongoDB’s code to ${title}`, async () => {
      expect(await codeOf(command, database)).to.equal(code)
    })

  it('goes on answering after each of them', async () => {
    expect(await client.db().collection('a').countDocuments()).to.equal(1)
  })
})
