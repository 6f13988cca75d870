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

const sha256 = (content: string | Buffer): string =>
  createHash('sha256').update(content).digest('hex')

describe('the storage', () => {
  let dataDir = ''

  before(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'palier-storage-'))
    await useStorage(dataDir)
  })
  after(() => rmSync(dataDir, { recursive: true, force: true }))
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
    const archive = await zip({ 'index.html': '<p>Hi</p>', 'a/b.txt': 'b' })
    await Promise.all([1, 2].map(() => storage.unpack(archive.path, archive.hash)))
    const file = await storage.openPackageFile(archive.hash, 'a/b.txt')
    expect((await buffer(file?.stream() ?? Readable.from([]))).toString()).to.equal('b')
    for (const path of ['../../session-secret', 'a', '', 'absent.html']) {
      expect(await storage.openPackageFile(archive.hash, path), path).to.equal(undefined)
    }
    expect(leftovers()).to.deep.equal([])
  })

  it('leaves nothing of an archive that is refused', async () => {
    const archive = await zip({ 'a.txt': 'one', 'b.txt': 'x'.repeat(5000) })
    await storage.unpack(archive.path, archive.hash, { fileBytes: 1000 }).then(
      () => expect.fail('it was unpacked'),
      (error: AppError) => expect(error.code).to.equal('packages:archive-too-big-unpacked'),
    )
    const left = (await storage.packages()).map(({ hash }) => hash)
    expect(left).not.to.include(archive.hash)
    expect(leftovers()).to.deep.equal([])
  })

  async function zip(files: Record<string, string>): Promise<{ path: string; hash: string }> {
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
})
