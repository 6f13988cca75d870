import { expect } from 'chai'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nativeDatabase } from '../../../server/platform/database.js'
import { seedCrowd } from '../../../server/platform/seeds.js'
import { withDemo, type Program } from '../../support/app.js'

const count = 80

describe('a crowd of invented people', function () {
  this.timeout(120_000)
  let admin: Program
  let staff: number

  before(async () => {
    const palier = await withDemo({ dataDir: mkdtempSync(join(tmpdir(), 'palier-crowd-')) })
    admin = await palier.as('admin@demo.palier')
    staff = (await admin.get('/people')).json.total as number
    await seedCrowd(count, () => {})
  })

  const sizes = async (): Promise<Record<string, number>> => {
    const collections = await nativeDatabase().collections()
    const pairs = collections.map(async (one) => [one.collectionName, await one.countDocuments()])
    return Object.fromEntries((await Promise.all(pairs)) as [string, number][]) as Record<
      string,
      number
    >
  }

  it('works in thirty-five delegations, has courses, levels and things to complete', async () => {
    expect((await admin.get('/people')).json.total).to.equal(staff + count)
    const unit = (await admin.get('/units/crowd-delegation-35')).json
    expect(unit.people.length).to.equal(2)
    const { competencies } = (await admin.get('/people/crowd-000001/competencies')).json
    const levels = competencies.filter(({ level }: { level: number }) => level > 0)
    expect(levels.length).to.be.above(6)
    const { json } = await admin.get('/late?unit=crowd-delegation-1')
    expect(json.total).to.be.above(0)
    const { items } = (await admin.get('/progress?unit=crowd-delegation-2')).json
    expect(items[0].enrolments.length).to.equal(3)
  })

  it('is there once, however often it is asked for', async () => {
    const there = await sizes()
    await seedCrowd(count, () => {})
    const again = await sizes()
    // The log of what was done goes on.
    for (const [name, size] of Object.entries(there))
      if (!/audit/i.test(name)) expect(again[name], name).to.equal(size)
  })
})
