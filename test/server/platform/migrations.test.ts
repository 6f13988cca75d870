import { expect } from 'chai'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nativeDatabase } from '../../../server/platform/database.js'
import { findMigrations, migrate } from '../../../server/platform/migrations.js'
import { closeAll, openDatabase } from './support/database.js'

describe('migrations', () => {
  let folder = ''

  before(async () => {
    await openDatabase()
    folder = mkdtempSync(join(tmpdir(), 'palier-migrations-'))
  })
  after(async () => {
    rmSync(folder, { recursive: true, force: true })
    await closeAll()
  })

  it('of all features are ordered by their date', async () => {
    for (const [feature, file] of [
      ['blog', '2026-03-01-name-authors'],
      ['blog', '2026-01-09-first'],
      ['forum', '2026-02-02-count-posts'],
    ]) {
      const path = join(folder, feature ?? '', 'migrations')
      mkdirSync(path, { recursive: true })
      writeFileSync(join(path, `${file}.js`), 'exports.up = async () => {}')
    }
    const features = ['blog', 'forum', 'none'].map((id) => ({ id, path: join(folder, id) }))
    const found = await findMigrations(features)
    expect(found.map(({ id }) => id)).to.deep.equal([
      'blog:2026-01-09-first',
      'forum:2026-02-02-count-posts',
      'blog:2026-03-01-name-authors',
    ])
  })

  it('run once, though several processes start together', async () => {
    const ran: string[] = []
    const migrations = ['2026-01-01-a', '2026-01-02-b'].map((id) => ({
      id: `trial:${id}`,
      up: async () => void ran.push(id),
    }))
    const applied = await Promise.all([migrate(migrations), migrate(migrations)])
    expect(ran).to.deep.equal(['2026-01-01-a', '2026-01-02-b'])
    expect(applied.flat()).to.have.length(2)
    expect(await migrate(migrations)).to.deep.equal([])
    expect(await nativeDatabase().collection('platform_locks').countDocuments()).to.equal(0)
  })

  it('that fail stop the start, and are tried again at the next', async () => {
    let works = false
    const fragile = {
      id: 'trial:2026-02-01-c',
      up: async () => {
        if (!works) throw new Error('not yet')
      },
    }
    await migrate([fragile]).then(
      () => expect.fail('it passed'),
      (error: Error) => expect(error.message).to.equal('not yet'),
    )
    works = true
    expect(await migrate([fragile])).to.deep.equal([fragile.id])
  })
})
