import { expect } from 'chai'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PackageVersionModel } from '../../../server/domain/learning/package-models.js'
import { storage } from '../../../server/platform/storage.js'
import { withDemo, type Program, type TestApp } from '../../../test/support/app.js'
import { fixturePackages, fixturesAbsent } from './support/archives.js'
import { refusedPackages } from './support/expectations.js'
import { buildPackage, zipOf } from './support/packages.js'
import { makeCourse, sendPackage } from './support/playing.js'

describe('uploading a SCORM package', function () {
  this.timeout(300_000)
  let palier: TestApp
  let trainer: Program
  let course: string

  before(async () => {
    palier = await withDemo()
    trainer = await palier.as('trainer@demo.palier')
    course = await makeCourse(trainer)
  })

  /** Everything an upload may leave behind. */
  const remains = async () => ({
    versions: await PackageVersionModel.countDocuments({}),
    packages: (await storage.packages()).sort(),
    uploads: readdirSync(join(palier.dataDir, 'tmp/uploads')),
    unpacking: readdirSync(join(palier.dataDir, 'tmp/storage')),
    activities: (await trainer.get(`/courses/${course}`)).json.activities?.length as unknown,
  })

  it('reports what it holds: version, title, items, launch files, mastery, sizes', async () => {
    const archive = await buildPackage({
      title: 'At the counter',
      parts: ['One', 'Two'],
      masteryScore: 70,
    })
    const { status, json } = await sendPackage(trainer, course, archive)
    expect(status).to.equal(201)
    expect(json.report).to.deep.include({
      standard: 'SCORM 1.2',
      title: 'At the counter',
      files: 4,
    })
    expect(json.report.items).to.have.length(2)
    expect(json.report.items[1]).to.include({
      title: 'Two',
      launch: 'part1.html',
      masteryScore: 70,
    })
    expect(json.report.launchFiles).to.deep.equal(['part0.html', 'part1.html'])
  })

  it('says that rules of order are not applied, and takes the package all the same', async () => {
    const rules =
      '<imsss:sequencing><imsss:controlMode choice="false" flow="true"/><imsss:sequencingRules><imsss:preConditionRule><imsss:ruleConditions><imsss:ruleCondition condition="attempted"/></imsss:ruleConditions><imsss:ruleAction action="skip"/></imsss:preConditionRule></imsss:sequencingRules></imsss:sequencing>'
    const archive = await buildPackage({ standard: '2004', parts: ['One', 'Two'], extra: rules })
    const { status, json } = await sendPackage(trainer, course, archive)
    expect(status).to.equal(201)
    expect(JSON.stringify(json.report.warnings)).to.include('scorm:sequencing-not-applied')
  })

  it('refuses what is wrong in words and with a code, keeps nothing of it, and takes the next good one', async () => {
    const broken = await zipOf({
      'imsmanifest.xml': '<manifest><unclosed></manifest>',
      'index.html': '',
    })
    const french = await palier.as('etienne.lacroix@demo.palier')
    const own = await makeCourse(french)
    const before = await remains()
    for (let tries = 0; tries < 2; tries += 1) {
      const { status, json } = await sendPackage(french, own, broken)
      expect([status, json.code]).to.deep.equal([422, 'scorm:manifest-malformed'])
      expect(json.errors[0].path).to.equal('package')
      expect(json.detail).to.match(/ligne \d+/)
    }
    expect(await remains()).to.deep.equal(before)
    const good = await buildPackage({ title: 'Good' })
    expect((await sendPackage(french, own, good)).status).to.equal(201)
  })

  for (const folder of ['scorm/moodle', 'scorm/negative', 'scorm/aicc', 'hostile/manifest']) {
    it(`answers the broken packages of ${folder} with their codes, and keeps nothing of them`, async function () {
      const packages = fixturePackages(folder).filter(({ name }) => refusedPackages[name])
      if (packages.length === 0) {
        console.log(`    skipped: ${fixturesAbsent(folder)}`)
        return this.skip()
      }
      const before = await remains()
      for (const { name, path } of packages) {
        const { status, json, text } = await sendPackage(trainer, course, readFileSync(path))
        const [code, named = ''] = refusedPackages[name] ?? []
        expect([name, status, json.code]).to.deep.equal([name, 422, code])
        if (!['line', 'column', 'offset'].includes(named)) expect(json.detail).to.include(named)
        expect(text).not.to.match(/root:x:|\bat .+\.(ts|js):\d+/)
      }
      expect(await remains()).to.deep.equal(before)
      const good = await buildPackage({ title: `Good after ${folder}` })
      expect((await sendPackage(trainer, course, good)).status).to.equal(201)
    })
  }
})
