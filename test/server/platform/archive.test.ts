import { expect } from 'chai'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AppError } from '../../../server/errors.js'
import { unpackArchive } from '../../../server/platform/archive.js'
import { needsFixture } from '../../support/fixtures.js'

interface Case {
  readonly file: string
  readonly expect: 'accept' | 'accept-inert' | 'reject' | 'either'
  readonly code?: string
}

const kebab = (code: string): string => `packages:${code.toLowerCase().replaceAll('_', '-')}`

describe('an archive', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'palier-archive-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('is unpacked or refused as each hostile one should be', async function () {
    this.timeout(300_000)
    const hostile = needsFixture(this, 'hostile/zip')
    const index = JSON.parse(readFileSync(join(hostile, '../index.json'), 'utf8')) as
      Case[] | { cases: Case[] }
    const cases = (Array.isArray(index) ? index : index.cases).filter(({ file }) =>
      file.startsWith('zip/'),
    )
    expect(cases).to.have.length.above(30)
    const wrong: string[] = []
    for (const { file, expect: wanted, code } of cases) {
      const answer = await answerTo(join(hostile, '..', file), join(folder, file.replace('/', '-')))
      const right =
        wanted === 'either' ||
        (wanted === 'reject'
          ? answer === kebab(code ?? '') || tolerated(file, answer)
          : answer === 'unpacked')
      if (!right) wrong.push(`${file}: ${answer}, wanted ${wanted} ${code ?? ''}`)
    }
    expect(wrong).to.deep.equal([])
  })

  it('is refused where it points beyond what a file can hold', async () => {
    for (const offset of [2n ** 40n, 2n ** 56n, 2n ** 64n - 1n]) {
      const file = join(folder, `${offset}.zip`)
      writeFileSync(file, zip64At(offset))
      const answer = await answerTo(file, join(folder, `unpacked-${offset}`))
      expect(answer, String(offset)).to.match(/^packages:archive-(inconsistent|truncated)$/)
    }
  })

  it('is written without leave to run, backslashes read as folders', async function () {
    const hostile = needsFixture(this, 'hostile/zip')
    await unpackArchive(join(hostile, 'z38-setuid.zip'), join(folder, 'a'))
    const { files } = await unpackArchive(
      join(hostile, 'ok06-backslash-separators.zip'),
      join(folder, 'b'),
    )
    expect(files.map(({ path }) => path)).to.include('pages/p1.html')
    for (const name of readdirSync(join(folder, 'a'))) {
      expect(statSync(join(folder, 'a', name)).mode & 0o7111).to.equal(0)
    }
  })
})

/** The end of a zip64 archive (APPNOTE 4.3.15) whose directory is said to begin at an offset. */
function zip64At(offset: bigint): Buffer {
  const locator = Buffer.alloc(20)
  locator.writeUInt32LE(0x07064b50, 0)
  locator.writeBigUInt64LE(offset, 8)
  locator.writeUInt32LE(1, 16)
  const end = Buffer.alloc(22, 0xff)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt32LE(0, 4)
  end.writeUInt16LE(0, 20)
  return Buffer.concat([Buffer.from('PK\x03\x04'), locator, end])
}

/** A bomb may be refused by its ratio, its size or its overlap: any of them protects. */
const tolerated = (file: string, answer: string): boolean =>
  /z1[0-4]|z08/.test(file) &&
  /archive-(ratio|too-big-unpacked|overlap|inconsistent|link)$/.test(answer)

async function answerTo(archive: string, folder: string): Promise<string> {
  try {
    await unpackArchive(archive, folder)
    return 'unpacked'
  } catch (error) {
    return error instanceof AppError ? error.code : String(error)
  }
}
