import { expect } from 'chai'
import { spawnSync } from 'node:child_process'
import { AuditModel } from '../../../server/domain/people/audit-models.js'
import { firstBrokenLine } from '../../../server/domain/people/audit.js'
import { withDemo, type TestApp } from '../../support/app.js'

describe('the audit log', function () {
  this.timeout(300_000)
  let palier: TestApp

  before(async () => void (palier = await withDemo()))

  const doctor = (): string =>
    spawnSync(process.execPath, ['server/cli/palier.mjs', 'doctor'], {
      encoding: 'utf8',
      env: { ...process.env, DATA_DIR: palier.dataDir, PORT: '0' },
    }).stdout

  it('is whole, and the doctor says so', async () => {
    expect(await firstBrokenLine()).to.equal(undefined)
    expect(doctor()).to.match(/✔ audit/)
  })

  for (const [what, change] of [
    ['a word of a line is changed', { $set: { 'actor.name': 'Somebody else' } }],
    ['a line is dated back', { $set: { at: new Date('2020-01-01') } }],
  ] as const) {
    it(`is seen to be broken where ${what}, and the doctor names the line`, async () => {
      const line = await AuditModel.findOne({}).sort({ _id: 1 }).skip(3).lean()
      const _id = line?._id ?? ''
      await AuditModel.collection.updateOne({ _id } as never, change)
      expect(await firstBrokenLine()).to.equal(_id)
      expect(doctor())
        .to.match(/✘ audit/)
        .and.include(_id)
      await AuditModel.collection.replaceOne({ _id } as never, line as never)
      expect(await firstBrokenLine()).to.equal(undefined)
    })
  }

  it('is seen to be broken where a line is taken out', async () => {
    const line = await AuditModel.findOne({}).sort({ _id: 1 }).skip(5).lean()
    await AuditModel.collection.deleteOne({ _id: line?._id } as never)
    expect(Number(await firstBrokenLine())).to.equal(Number(line?._id) + 1)
    await AuditModel.collection.insertOne(line as never)
  })
})
