import { expect } from 'chai'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Decimal128, Long, MongoClient, type Document } from 'mongodb'
import { restoreBackup, resumeRestore } from '../../../server/cli/backup/restore.js'
import { beginSwap, swapSteps } from '../../../server/cli/backup/swap.js'
import { writeBackup } from '../../../server/cli/backup/write.js'
import { contentsOf } from '../../../server/store/archive.js'
import { checkStore } from '../../../server/store/check.js'
import { exportStore, importStore } from '../../../server/store/dump.js'
import { startStore, type RunningStoreProcess } from '../../../server/store/launcher.js'

describe('Moving a store’s content', function () {
  this.timeout(180_000)
  let root: string
  let store: RunningStoreProcess | undefined

  const dataDir = (): string => join(root, 'data')
  const start = async (): Promise<MongoClient> => {
    store = await startStore({ dataDir: join(dataDir(), 'store') })
    return new MongoClient(store.uri)
  }
  const stop = async (client: MongoClient): Promise<void> => {
    await client.close()
    await store?.stop()
    store = undefined
  }

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'palier-move-'))
    mkdirSync(join(dataDir(), 'files', 'ab'), { recursive: true })
    mkdirSync(join(dataDir(), 'tmp'))
    writeFileSync(join(dataDir(), 'files', 'ab', 'one'), 'a file')
    writeFileSync(join(dataDir(), 'tmp', 'half'), 'not this')
  })

  afterEach(async () => {
    await store?.stop()
    store = undefined
    rmSync(root, { recursive: true, force: true })
  })

  async function fill(client: MongoClient): Promise<void> {
    const people = client.db('palier').collection<Document>('people')
    await people.createIndex({ email: 1 }, { unique: true })
    await people.createIndex(
      { at: 1 },
      { expireAfterSeconds: 3600, partialFilterExpression: { at: { $exists: true } } },
    )
    await people.insertMany(
      Array.from({ length: 300 }, (_, n) => ({
        email: `p${n}@example.org`,
        n,
        big: Long.fromNumber(n),
        exact: Decimal128.fromString('0.10'),
      })),
    )
    await client
      .db('palier')
      .createCollection('all', { viewOn: 'people', pipeline: [{ $match: {} }] })
  }

  it('backs up while writes go on, and restores exactly what the file holds', async () => {
    const client = await start()
    await fill(client)
    let writing = true
    const people = client.db('palier').collection<Document>('people')
    const writes = (async () => {
      for (let n = 0; writing; n += 1) await people.insertOne({ email: `late${n}@example.org`, n })
    })()
    const file = join(root, 'palier.backup')
    const manifest = await writeBackup(dataDir(), file)
    writing = false
    await writes
    await people.deleteMany({})
    await stop(client)
    writeFileSync(join(dataDir(), 'files', 'ab', 'one'), 'changed')

    const { before } = await restoreBackup(file, dataDir())
    expect(await contentsOf(join(dataDir(), 'store'))).to.deep.equal(manifest.store)
    expect(manifest.store['palier.people']?.documents).to.be.at.least(300)
    expect(readFileSync(join(dataDir(), 'files', 'ab', 'one'), 'utf8')).to.equal('a file')
    expect(readFileSync(join(before, 'files', 'ab', 'one'), 'utf8')).to.equal('changed')
    expect(manifest.files.map(({ path }) => path)).to.not.include('tmp/half')
    expect((await checkStore(join(dataDir(), 'store'))).errors).to.deep.equal([])
  })

  it('refuses a damaged backup and leaves what is there', async () => {
    const client = await start()
    await fill(client)
    const file = join(root, 'palier.backup')
    await writeBackup(dataDir(), file)
    await stop(client)
    const bytes = readFileSync(file)
    bytes.fill(0x55, 2000, 2400)
    writeFileSync(file, bytes)
    const had = await contentsOf(join(dataDir(), 'store'))
    const error = await restoreBackup(file, dataDir()).then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    expect(error).to.be.instanceOf(Error)
    expect(await contentsOf(join(dataDir(), 'store'))).to.deep.equal(had)
    expect(readFileSync(join(dataDir(), 'files', 'ab', 'one'), 'utf8')).to.equal('a file')
  })

  it('does not restore over a store that is running', async () => {
    const client = await start()
    await fill(client)
    const file = join(root, 'palier.backup')
    await writeBackup(dataDir(), file)
    const error: unknown = await restoreBackup(file, dataDir()).catch((thrown: unknown) => thrown)
    expect(String(error)).to.contain(String(store?.pid))
    await stop(client)
  })

  it('is wholly there or named as unfinished, whenever it was interrupted', async () => {
    const client = await start()
    await fill(client)
    const file = join(root, 'palier.backup')
    const manifest = await writeBackup(dataDir(), file)
    await client.db('palier').collection('people').deleteMany({})
    await stop(client)
    const proven = join(root, 'proven')
    cpSync(dataDir(), proven, { recursive: true, filter: (from) => !from.endsWith('.sock') })
    await restoreBackup(file, proven)
    const emptied = await contentsOf(join(dataDir(), 'store'))
    for (let done = 0, isOver = false; !isOver; done += 1) {
      const copy = join(root, `copy-${String(done)}`)
      cpSync(dataDir(), copy, { recursive: true, filter: (from) => !from.endsWith('.sock') })
      cpSync(proven, join(copy, 'restoring-now'), { recursive: true })
      writeFileSync(join(copy, 'files', 'ab', 'one'), 'changed')
      expect(await contentsOf(join(copy, 'store'))).to.deep.equal(emptied)

      isOver = await interrupt(copy, done)
      if (!isOver) {
        const error: unknown = await startStore({ dataDir: join(copy, 'store') }).catch(
          (thrown: unknown) => thrown,
        )
        expect(String(error)).to.contain('palier restore --resume')
        await resumeRestore(copy)
      }
      expect(await contentsOf(join(copy, 'store'))).to.deep.equal(manifest.store)
      expect(readFileSync(join(copy, 'files', 'ab', 'one'), 'utf8')).to.equal('a file')
      const before = join(copy, 'before-restore-now')
      expect(readFileSync(join(before, 'files', 'ab', 'one'), 'utf8')).to.equal('changed')
      expect(await contentsOf(join(before, 'store'))).to.deep.equal(emptied)
      expect(existsSync(join(copy, 'restoring-now'))).to.equal(false)
    }
  })

  it('exports what an import reads back equal, indexes and views included', async () => {
    const client = await start()
    await fill(client)
    const out = join(root, 'dump')
    await exportStore(join(dataDir(), 'store'), out)
    expect(existsSync(join(out, 'palier', 'people.bson'))).to.equal(true)
    await stop(client)
    const second = join(root, 'second')
    expect(await importStore(out, second)).to.deep.equal({ 'palier.people': 300, 'palier.all': 0 })
    expect(await contentsOf(second)).to.deep.equal(await contentsOf(join(dataDir(), 'store')))

    const again = join(root, 'again')
    await exportStore(second, again)
    for (const name of ['people.bson', 'people.metadata.json', 'all.metadata.json'])
      expect(withoutUuid(join(again, 'palier', name))).to.equal(
        withoutUuid(join(out, 'palier', name)),
      )
  })
})

/** Replaces what is there, up to so many moves; true when it came to its end. */
async function interrupt(directory: string, moves: number): Promise<boolean> {
  const swap = await beginSwap(directory, {
    incoming: 'restoring-now',
    before: 'before-restore-now',
  })
  const steps = swapSteps(directory, swap)
  for (let made = 0; made < moves; made += 1) if ((await steps.next()).done === true) return true
  return false
}

const withoutUuid = (path: string): string =>
  readFileSync(path, 'latin1').replace(/"uuid":"[^"]*"/, '')
