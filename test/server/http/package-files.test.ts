import { expect } from 'chai'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { ZipFile } from 'yazl'
import { contentUrlFor } from '../../../server/http/content-origin.js'
import { storage } from '../../../server/platform/storage.js'
import { startTestApp } from '../../support/app.js'
import { startBucket, type Bucket } from '../../support/bucket.js'
import { raw } from '../../support/raw.js'

const page = '<!doctype html><title>Counter</title>'

describe('files of a package', function () {
  this.timeout(180_000)
  let bucket: Bucket
  let folder = ''

  before(async () => {
    bucket = await startBucket()
    folder = mkdtempSync(join(tmpdir(), 'palier-package-'))
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  it('are served from a bucket as from a disk, whole, in part and not at all', async () => {
    const fromDisk = await answers(undefined)
    const fromBucket = await answers(bucket.s3Url)
    expect(fromBucket).to.deep.equal(fromDisk)
    expect(fromDisk.map(({ status }) => status)).to.deep.equal([200, 200, 206, 206, 200, 404, 404])
    expect(fromDisk.map(({ text }) => text.length).slice(0, 4)).to.deep.equal([
      page.length,
      0,
      5,
      4,
    ])
    await bucket.close()
    const [whole] = await answers(bucket.s3Url, false)
    expect(whole?.status, 'where the bucket is away').to.equal(503)
  })

  /** What a browser is answered, but for what differs at every request. */
  async function answers(s3Url: string | undefined, unpacks = true) {
    const palier = await startTestApp({ s3Url })
    const archive = await zip()
    if (unpacks) await storage.unpack(archive.path, archive.hash)
    const { base } = contentUrlFor({ person: 'ana', version: 'one', hash: archive.hash })
    const { host, pathname } = new URL(base)
    const ask = async (path: string, headers = {}, method = 'GET') => {
      const given = { method, path: `${pathname}/files/${path}`, headers: { host, ...headers } }
      const answer = await raw(palier.url, given)
      const told = ['content-type', 'content-length', 'content-range', 'accept-ranges']
      const policies = ['cache-control', 'content-security-policy', 'content-disposition']
      const seen = [...told, ...policies].map((name) => String(answer.headers[name]))
      const { port } = new URL(palier.url)
      return {
        status: answer.status,
        text: answer.status < 400 ? answer.text : '',
        headers: answer.status < 400 ? seen.map((value) => value.replaceAll(port, '…')) : [],
      }
    }
    return [
      await ask('index.html'),
      await ask('index.html', {}, 'HEAD'),
      await ask('index.html', { range: 'bytes=2-6' }),
      await ask('index.html', { range: 'bytes=-4' }),
      await ask('empty.bin'),
      await ask('absent.html'),
      await ask('%2e%2e/secret'),
    ]
  }

  async function zip(): Promise<{ path: string; hash: string }> {
    const archive = new ZipFile()
    const mtime = new Date(2026, 0, 1)
    archive.addBuffer(Buffer.from(page), 'index.html', { mtime })
    archive.addBuffer(Buffer.alloc(0), 'empty.bin', { mtime })
    archive.end()
    const bytes = await buffer(archive.outputStream)
    const path = join(folder, 'package.zip')
    await writeFile(path, bytes)
    return { path, hash: createHash('sha256').update(bytes).digest('hex') }
  }
})
