import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { expect } from 'chai'
import MongoStore from 'connect-mongo'
import type session from 'express-session'
import { GridFSBucket, MongoClient } from 'mongodb'
import { startTestStore, type TestStore } from './support/store.js'

describe('What stands on the driver', function () {
  this.timeout(180_000)
  let store: TestStore
  let client: MongoClient

  before(async () => {
    store = await startTestStore()
    client = await MongoClient.connect(store.uri)
  })

  after(async () => {
    await client.close()
    await store.stop()
  })

  it('keeps files in GridFS, whole and in parts', async () => {
    const bucket = new GridFSBucket(client.db(), { chunkSizeBytes: 100_000 })
    const bytes = randomBytes(1_050_000)
    const upload = bucket.openUploadStream('a.bin', { metadata: { kind: 'x' } })
    await pipeline(Readable.from([bytes]), upload)
    expect((await buffer(bucket.openDownloadStream(upload.id))).equals(bytes)).to.equal(true)
    const part = await buffer(
      bucket.openDownloadStreamByName('a.bin', { start: 99_990, end: 200_010 }),
    )
    expect(part.equals(bytes.subarray(99_990, 200_010))).to.equal(true)
    await bucket.rename(upload.id, 'b.bin')
    const [file] = await bucket.find({ 'metadata.kind': 'x' }).toArray()
    expect(file).to.include({ filename: 'b.bin', length: bytes.length })
    await bucket.delete(upload.id)
    expect(await client.db().collection('fs.chunks').countDocuments()).to.equal(0)
  })

  it('keeps sessions for connect-mongo', async () => {
    const sessions = MongoStore.create({ client, ttl: 60, touchAfter: 1 })
    const cookie = { originalMaxAge: 60_000, expires: new Date(Date.now() + 60_000) }
    const data = { cookie, user: 'ada' } as unknown as session.SessionData
    const run = async <T>(
      call: (done: (error: unknown, value?: T) => void) => void,
    ): Promise<T | undefined> =>
      await new Promise((resolve, reject) => {
        call((error, value) => {
          if (error === null || error === undefined) resolve(value)
          else reject(error instanceof Error ? error : new Error(String(error)))
        })
      })
    await run((done) => {
      void sessions.set('one', data, done)
    })
    await run((done) => {
      void sessions.set('two', data, done)
    })
    expect(
      await run<number>((done) => {
        void sessions.length(done as never)
      }),
    ).to.equal(2)
    const found = await run<session.SessionData | null>((done) => {
      void sessions.get('one', done as never)
    })
    expect(found).to.deep.include({ user: 'ada' })
    await run((done) => {
      void sessions.destroy('one', done)
    })
    expect(
      await run((done) => {
        void sessions.get('one', done as never)
      }),
    ).to.equal(null)
    await run((done) => {
      void sessions.clear(done)
    })
    const indexes = await client.db().collection('sessions').indexes()
    expect(indexes.some(({ expireAfterSeconds }) => expireAfterSeconds === 0)).to.equal(true)
  })
})
