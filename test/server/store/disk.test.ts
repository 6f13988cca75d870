import { expect } from 'chai'
import { spawnSync } from 'node:child_process'
import {
  closeSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MongoClient, type Collection, type Document } from 'mongodb'
import { startStore, type RunningStoreProcess } from '../../../server/store/launcher.js'

describe('The store and its disk', function () {
  this.timeout(300_000)
  let directory: string
  let store: RunningStoreProcess | undefined

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'palier-disk-'))
  })

  afterEach(async () => {
    await store?.stop()
    store = undefined
    spawnSync('umount', [directory])
    rmSync(directory, { recursive: true, force: true })
  })

  async function fill(documents: number): Promise<string> {
    store = await startStore({ dataDir: directory })
    const client = new MongoClient(store.uri)
    const text = 'x'.repeat(2000)
    await client
      .db()
      .collection('a')
      .insertMany(Array.from({ length: documents }, (_, n) => ({ n, text })))
    await client.close()
    await store.stop()
    store = undefined
    return join(directory, 'data.mdb')
  }

  const refusal = (): Promise<string> =>
    startStore({ dataDir: directory }).then(
      async (started) => {
        await started.stop()
        return 'it started'
      },
      (error: unknown) => String(error),
    )

  it('names a data file with a torn page, and does not start', async () => {
    const file = await fill(2000)
    const descriptor = openSync(file, 'r+')
    const middle = Math.floor(statSync(file).size / 4096 / 2)
    for (let page = middle - 20; page < middle + 20; page += 1)
      writeSync(descriptor, Buffer.alloc(4096, 0xab), 0, 4096, page * 4096)
    closeSync(descriptor)
    expect(await refusal())
      .to.contain(file)
      .and.contain('damaged')
  })

  it('names a data file that was cut off, and does not start', async () => {
    const file = await fill(2000)
    truncateSync(file, Math.floor(statSync(file).size / 2))
    expect(await refusal())
      .to.contain(file)
      .and.contain('damaged')
  })

  it('refuses writes while the disk is full, goes on reading, and writes again when there is room', async function () {
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', directory])
    if (mounted.status !== 0) {
      console.log('    skipped: only root can mount a small disk')
      this.skip()
    }
    store = await startStore({ dataDir: directory })
    const client = new MongoClient(store.uri)
    const collection = client.db().collection<Document & { _id: number }>('a')
    const { code, stored } = await writeUntilFull(collection)
    expect(code).to.equal(14031)
    expect(await collection.countDocuments({ _id: { $gte: 0 } })).to.equal(stored)
    expect((await client.db().command({ validate: 'a' }))['errors']).to.deep.equal([])

    spawnSync('mount', ['-o', 'remount,size=64m', directory])
    await collection.insertOne({ _id: -1, text: 'again' })
    expect(await collection.countDocuments()).to.equal(stored + 1)
    await client.close()
  })
})

async function writeUntilFull(
  collection: Collection<Document & { _id: number }>,
): Promise<{ code: unknown; stored: number }> {
  const text = 'x'.repeat(50_000)
  for (let stored = 0; stored < 1000; stored += 1) {
    const error: unknown = await collection.insertOne({ _id: stored, text }).then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    if (error !== undefined) return { code: (error as { code?: unknown }).code, stored }
  }
  return { code: undefined, stored: 1000 }
}
