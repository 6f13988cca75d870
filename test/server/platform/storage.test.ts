import { expect } from 'chai'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer, text } from 'node:stream/consumers'
import { ZipFile } from 'yazl'
import { NotFound, type AppError } from '../../../server/errors.js'
import { storage, useStorage } from '../../../server/platform/storage.js'
import { startBucket, type Bucket } from '../../support/bucket.js'
import { freePort } from '../../support/ports.js'

const sha256 = (content: string | Buffer): string =>
  createHash('sha256').update(content).digest('hex')

describe('the storage on a disk', () => {
  keeps(async () => ({ s3Url: undefined, close: async () => {} }))
})

describe('the storage in a bucket', () => {
  keeps(startBucket)

  it('finishes a package whose upload was interrupted, and finds one that never was', async () => {
    const bucket = await startBucket()
    const dataDir = mkdtempSync(join(tmpdir(), 'palier-storage-'))
    await useStorage({ dataDir, s3Url: bucket.s3Url })
    const archive = await zip(dataDir, { 'a.txt': 'a', 'b.txt': 'b' })
    await storage.unpack(archive.path, archive.hash)
    await bucket.interrupt(archive.hash, 'b.txt')
    expect((await storage.packages()).map(({ hash }) => hash)).to.deep.equal([archive.hash])
    await storage.unpack(archive.path, archive.hash)
    expect(await storage.openPackageFile(archive.hash, 'b.txt')).not.to.equal(undefined)
    await bucket.close()
    rmSync(dataDir, { recursive: true, force: true })
  })

  it('is said to be away where nothing answers', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'palier-storage-'))
    await useStorage({ dataDir, s3Url: `http://key:secret@127.0.0.1:${await freePort()}/palier` })
    await storage.open(sha256('absent')).then(
      () => expect.fail('it was opened'),
      (error: AppError) => expect(error.code).to.equal('core:files-unavailable'),
    )
    rmSync(dataDir, { recursive: true, force: true })
  })
})

/** What the storage promises, wherever it keeps things. */
function keeps(
  start: () => Promise<Pick<Bucket, 'close'> & { readonly s3Url: string | undefined }>,
): void {
  let dataDir = ''
  let place: Awaited<ReturnType<typeof start>>

  before(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'palier-storage-'))
    place = await start()
    await useStorage({ dataDir, s3Url: place.s3Url })
  })
  after(async () => {
    await place.close()
    rmSync(dataDir, { recursive: true, force: true })
  })
  const leftovers = (): string[] => readdirSync(join(dataDir, 'tmp/storage'))

  it('keeps a file under the hash of its content, once', async () => {
    const files = await Promise.all(
      [1, 2, 3].map(() => storage.put(Readable.from(['bonjour ', 'à tous']))),
    )
    for (const file of files)
      expect(file).to.deep.equal({ hash: sha256('bonjour à tous'), size: 15 })
    const { stream, size } = await storage.open(sha256('bonjour à tous'))
    expect(await text(stream())).to.equal('bonjour à tous')
    expect(size).to.equal(15)
    expect(leftovers()).to.deep.equal([])
  })

  it('gives the part that a range asks for', async () => {
    const { hash } = await storage.put(Readable.from(['0123456789']))
    const read = async (range: string): Promise<string> =>
      text((await storage.open(hash, range)).stream())
    expect(await read('bytes=2-4')).to.equal('234')
    expect(await read('bytes=7-')).to.equal('789')
    expect(await read('bytes=-3')).to.equal('789')
    expect(await read('bytes=20-30'), 'does not fit').to.equal('0123456789')
    expect((await storage.open(hash, 'bytes=8-99')).range).to.deep.equal({ start: 8, end: 9 })
  })

  it('keeps nothing of a stream that breaks', async () => {
    const broken = Readable.from(
      (function* () {
        yield 'half'
        throw new Error('cable')
      })(),
    )
    await storage.put(broken).then(
      () => expect.fail('it was kept'),
      (error: Error) => expect(error.message).to.equal('cable'),
    )
    expect(leftovers()).to.deep.equal([])
  })

  it('knows nothing of names that are no hashes', async () => {
    for (const name of ['../../etc/passwd', sha256('absent')]) {
      await storage.open(name).then(
        () => expect.fail('it was opened'),
        (error: unknown) => expect(error).to.be.instanceOf(NotFound),
      )
    }
  })

  it('unpacks an archive once, and serves nothing outside of it', async () => {
    const archive = await zip(dataDir, { 'index.html': '<p>Hi</p>', 'a/b.txt': 'b' })
    await Promise.all([1, 2].map(() => storage.unpack(archive.path, archive.hash)))
    const file = await storage.openPackageFile(archive.hash, 'a/b.txt')
    expect((await buffer(file?.stream() ?? Readable.from([]))).toString()).to.equal('b')
    for (const path of ['../../session-secret', 'a', '', 'absent.html']) {
      expect(await storage.openPackageFile(archive.hash, path), path).to.equal(undefined)
    }
    expect(leftovers()).to.deep.equal([])
  })

  it('leaves nothing of an archive that is refused', async () => {
    const archive = await zip(dataDir, { 'a.txt': 'one', 'b.txt': 'x'.repeat(5000) })
    await storage.unpack(archive.path, archive.hash, { fileBytes: 1000 }).then(
      () => expect.fail('it was unpacked'),
      (error: AppError) => expect(error.code).to.equal('packages:archive-too-big-unpacked'),
    )
    const left = (await storage.packages()).map(({ hash }) => hash)
    expect(left).not.to.include(archive.hash)
    expect(leftovers()).to.deep.equal([])
  })

  it('serves files by any name that an archive may have, whole and in part', async () => {
    const names = [
      'a b+c.txt',
      'é/ü ñ.txt',
      '100%25 (1)!*.txt',
      "it's [x]{y}~#?&=;,@$.txt",
      '日本.txt',
    ]
    const archive = await zip(dataDir, Object.fromEntries(names.map((name) => [name, name])))
    await storage.unpack(archive.path, archive.hash)
    for (const name of names) {
      const file = await storage.openPackageFile(archive.hash, name)
      expect(await text(file?.stream() ?? Readable.from([])), name).to.equal(name)
      const part = await storage.openPackageFile(archive.hash, name, 'bytes=1-2')
      expect(await buffer(part?.stream() ?? Readable.from([]))).to.deep.equal(
        Buffer.from(name).subarray(1, 3),
      )
    }
  })

  it('keeps what is larger than it holds in memory, and what is empty', async () => {
    const piece = Buffer.alloc(1024 ** 2, 7)
    const { hash, size } = await storage.put(Readable.from(Array.from({ length: 20 }, () => piece)))
    const file = await storage.open(hash)
    const read = createHash('sha256')
    for await (const chunk of file.stream()) read.update(chunk as Buffer)
    expect([file.size, read.digest('hex')]).to.deep.equal([size, hash])
    const empty = await storage.open((await storage.put(Readable.from([]))).hash)
    expect([empty.size, await text(empty.stream())]).to.deep.equal([0, ''])
  })

  it('removes a package with all its files, and a file', async () => {
    const archive = await zip(dataDir, { 'a.txt': 'gone', 'b/c.txt': 'gone too' })
    await storage.unpack(archive.path, archive.hash)
    const before = Date.now() - 60_000
    const kept = (await storage.packages()).find(({ hash }) => hash === archive.hash)
    expect(Number(kept?.since)).to.be.above(before)
    await storage.removePackage(archive.hash)
    for (const path of ['a.txt', 'b/c.txt'])
      expect(await storage.openPackageFile(archive.hash, path)).to.equal(undefined)
    expect((await storage.packages()).map(({ hash }) => hash)).not.to.include(archive.hash)
    const { hash } = await storage.put(Readable.from(['for a moment']))
    await storage.remove(hash)
    await storage.remove(hash)
    await storage.open(hash).then(
      () => expect.fail('it is still there'),
      (error: unknown) => expect(error).to.be.instanceOf(NotFound),
    )
  })
}

async function zip(
  dataDir: string,
  files: Record<string, string>,
): Promise<{ path: string; hash: string }> {
  const archive = new ZipFile()
  for (const [name, content] of Object.entries(files)) {
    archive.addBuffer(Buffer.from(content), name)
  }
  archive.end()
  const bytes = await buffer(archive.outputStream)
  const path = join(dataDir, `${sha256(bytes)}.zip`)
  await writeFile(path, bytes)
  return { path, hash: sha256(bytes) }
}
