import { expect } from 'chai'
import { BSON, ObjectId, type Document } from 'bson'
import { MongoClient } from 'mongodb'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serve, type RunningStore } from '../../../server/store/server.js'
import { frame, RawClient, spoiled } from './support/frames.js'
import { Random } from './support/random.js'

const FRAMES = Number(process.env['STORE_FUZZ_RUNS'] ?? 1000)
const SEED = Number(process.env['STORE_FUZZ_SEED'] ?? 7)
/** Longer than this for one answer counts as hanging. */
const HANG_MS = 1000

function deep(levels: number): Document {
  let document: Document = {}
  for (let left = levels; left > 0; left -= 1) document = { a: document }
  return document
}

/** Requests of every shape that the fuzzing starts from. */
function requests(): Buffer[] {
  const documents = [{ _id: new ObjectId(), a: 1, b: ['x', { c: null }] }, { a: 'é' }]
  return [
    frame({ hello: 1, $db: 'admin' }),
    frame({ find: 'c', filter: { a: { $gt: 1 }, 'b.c': null }, sort: { a: 1 }, $db: 'test' }),
    frame({ insert: 'c', documents, $db: 'test' }),
    frame({ insert: 'c', $db: 'test' }, { name: 'documents', documents }),
    frame({ update: 'c', updates: [{ q: { a: 1 }, u: { $set: { b: 2 } } }], $db: 'test' }),
    frame({ delete: 'c', deletes: [{ q: { a: 1 }, limit: 1 }], $db: 'test' }),
    frame({ aggregate: 'c', pipeline: [{ $group: { _id: '$a' } }], cursor: {}, $db: 'test' }),
    frame({ createIndexes: 'c', indexes: [{ key: { a: 1 }, name: 'a_1' }], $db: 'test' }),
    frame({ findAndModify: 'c', query: { a: 1 }, update: { $inc: { a: 1 } }, $db: 'test' }),
    frame({ getMore: 5n, collection: 'c', $db: 'test' }),
  ]
}

describe('Bad input to the store', function () {
  this.timeout(60_000 + FRAMES * 50)
  let store: RunningStore
  let directory: string
  let port: number
  let client: MongoClient

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'palier-frames-'))
    store = await serve({ directory, listen: '127.0.0.1:0' })
    port = Number(store.address.split(':')[1])
    client = await MongoClient.connect(`mongodb://${store.address}/?directConnection=true`)
  })

  after(async () => {
    await client.close()
    await store.close()
    rmSync(directory, { recursive: true, force: true })
  })

  async function answer(bytes: Buffer): Promise<Document | undefined> {
    const raw = await RawClient.open(port)
    raw.send(bytes)
    const reply = await raw.reply(HANG_MS)
    const isHanging = reply === undefined && !raw.isClosed
    raw.close()
    return isHanging ? { hangs: true } : reply
  }

  it('is answered or ends its connection, and nobody else notices', async () => {
    const random = new Random(SEED)
    const good = requests()
    for (let at = 0; at < FRAMES; at += 1) {
      const raw = await RawClient.open(port)
      raw.send(spoiled(random.of(good), random))
      if (at % 10 === 0) await raw.reply(20)
      raw.close()
      if (at % 50 !== 0) continue
      const started = Date.now()
      await client.db('admin').command({ ping: 1 })
      expect(Date.now() - started).to.be.below(HANG_MS)
    }
    expect(await client.db('other').collection('c').countDocuments()).to.equal(0)
  })

  it('ends a connection that breaks the protocol', async () => {
    const tooLong = frame({ ping: 1, $db: 'admin' })
    tooLong.writeInt32LE(0x7fffffff, 0)
    const unknownOperation = frame({ ping: 1, $db: 'admin' })
    unknownOperation.writeInt32LE(2010, 12)
    const unknownFlag = frame({ ping: 1, $db: 'admin' })
    unknownFlag.writeUInt32LE(4, 16)
    for (const bytes of [
      tooLong,
      unknownOperation,
      unknownFlag,
      Buffer.from('GET / HTTP/1.1\r\n\r\n'),
    ])
      expect(await answer(bytes)).to.equal(undefined)
  })

  it('answers with the code of what is wrong', async () => {
    const invalidText = frame({ insert: 'c', documents: [{ a: 'xyz' }], $db: 'test' })
    invalidText[invalidText.indexOf('xyz')] = 0xff
    const cases: readonly (readonly [Buffer, number])[] = [
      [invalidText, 22],
      [frame({ insert: 'c', documents: [deep(250)], $db: 'test' }), 15],
      [frame({ nonsense: 1, $db: 'test' }), 59],
      [frame({ find: 5, $db: 'test' }), 73],
      [frame({ find: 'c', filter: 'x', $db: 'test' }), 14],
      [frame({ find: 'c', nonsense: 1, $db: 'test' }), 40415],
      [frame({ find: 'c', $db: 'a b' }), 73],
      [frame({ ping: 1 }), 40571],
      [frame({ insert: 'c', documents: [], $db: 'test' }), 16],
    ]
    for (const [bytes, code] of cases) {
      const reply = await answer(bytes)
      expect(reply, BSON.EJSON.stringify({ code })).to.include({ ok: 0, code })
    }
  })

  it('refuses a document that is too large, and stores one that just fits', async () => {
    const collection = client.db('test').collection('large')
    const fits = Buffer.alloc(16 * 1024 * 1024 - 50)
    await collection.insertOne({ fits })
    const update = collection.updateOne({}, { $set: { more: 'x'.repeat(100) } })
    const error: unknown = await update.catch((one: unknown) => one)
    expect(error).to.include({ code: 10334 })
    expect(await collection.countDocuments({ more: { $exists: true } })).to.equal(0)
  })
})
