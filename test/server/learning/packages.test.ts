import { expect } from 'chai'
import { createHash, randomUUID } from 'node:crypto'
import { readdirSync, readFileSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import yazl from 'yazl'
import { AttemptModel } from '../../../server/domain/learning/models.js'
import { PackageVersionModel } from '../../../server/domain/learning/package-models.js'
import { tidyPackages } from '../../../server/domain/learning/tidying.js'
import { now } from '../../../server/platform/clock.js'
import { withDemo, type Answer, type Program, type TestApp } from '../../support/app.js'
import { needsFixture } from '../../support/fixtures.js'
import { needsPlugins } from '../../support/plugins.js'

describe('a package', function () {
  this.timeout(180_000)
  let palier: TestApp
  let trainer: Program
  let course = ''

  before(async function () {
    needsPlugins(this, 'scorm')
    palier = await withDemo()
    trainer = await palier.as('trainer@demo.palier')
  })
  beforeEach(async () => {
    const { json } = await trainer.post('/courses', { title: 'Packages', language: 'en' })
    course = json.id as string
  })

  const upload = (bytes: Buffer, fields: Record<string, string> = {}, path?: string) => {
    const form = new FormData()
    for (const [key, value] of Object.entries(fields)) form.set(key, value)
    form.set('package', new Blob([new Uint8Array(bytes)]), 'package.zip')
    return trainer.send('POST', path ?? `/courses/${course}/activities`, form, {
      accept: 'application/json',
    })
  }
  const zip = (files: Record<string, string>): Promise<Buffer> => {
    const archive = new yazl.ZipFile()
    for (const [path, text] of Object.entries(files)) archive.addBuffer(Buffer.from(text), path)
    archive.end()
    return buffer(archive.outputStream)
  }
  const scorm = (title = 'Tiny'): Promise<Buffer> =>
    zip({ 'imsmanifest.xml': manifest(title), 'index.html': '<p>Well</p>' })
  const folders = (): string[] => readdirSync(join(palier.dataDir, 'packages'))
  const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
  const activities = async (): Promise<unknown[]> =>
    (await trainer.get(`/courses/${course}`)).json.activities as unknown[]
  const refusedWith = async ({ status, json }: Answer, code: string): Promise<void> => {
    expect([status, json.code]).to.deep.equal([422, code])
    expect(await activities()).to.deep.equal([])
  }

  it('becomes a step, with a report of what is in it', async () => {
    const { status, json } = await upload(await scorm())
    expect(status).to.equal(201)
    expect(json.activity).to.include({ title: 'Tiny', kind: 'package', criterion: 'completed' })
    expect(json.report).to.deep.include({
      standard: 'SCORM 1.2',
      title: 'Tiny',
      launchFiles: ['index.html'],
      files: 2,
    })
    const page = await trainer.get(`/activities/${json.id as string}`, { accept: 'text/html' })
    expect(page.text).to.include('index.html').and.to.include('SCORM 1.2')
  })

  it('that is none is refused with its reason, and nothing of it is kept', async () => {
    const before = folders()
    const stray = await zip({ 'readme.txt': 'No manifest here' })
    await refusedWith(await upload(Buffer.from('no zip')), 'packages:archive-not-zip')
    await refusedWith(await upload(stray), 'packages:not-recognised')
    await refusedWith(await upload(Buffer.alloc(0)), 'packages:missing')
    const broken = await zip({ 'imsmanifest.xml': '<manifest', 'index.html': '' })
    const { status, json } = await upload(broken)
    expect(status).to.equal(422)
    expect(json.code).to.match(/^scorm:/)
    expect(json.detail).not.to.include(json.code)
    expect(folders()).to.deep.equal(before)
    expect(await PackageVersionModel.countDocuments({ course })).to.equal(0)
  })

  it('refused once leaves alone what an earlier upload of the same bytes made', async () => {
    const bytes = await scorm('Kept')
    await upload(bytes)
    const refused = await upload(bytes, { criterion: 'confirmed' })
    expect(refused.status).to.equal(422)
    expect(folders()).to.include(hashOf(bytes))
  })

  it('sent twice under one id is there once', async () => {
    const bytes = await scorm('Twice')
    const id = randomUUID()
    const sent = await Promise.all([upload(bytes, { id }), upload(bytes, { id })])
    expect(sent.map(({ status }) => status).sort()).to.deep.equal([200, 201])
    expect((await upload(bytes, { id })).status).to.equal(200)
    expect(await activities()).to.have.length(1)
    expect(await PackageVersionModel.countDocuments({ activity: id })).to.equal(1)
    const other = await upload(await scorm('Other'), { id })
    expect([other.status, other.json.code]).to.deep.equal([409, 'learning:id-taken'])
  })

  it('is replaced by a next version, which new attempts are pinned to', async () => {
    const { json } = await upload(await scorm('First'))
    const step = json.id as string
    const replaced = await upload(await scorm('Second'), {}, `/activities/${step}/package`)
    expect(replaced.status).to.equal(200)
    expect(replaced.json.report.title).to.equal('Second')
    const numbers = replaced.json.versions.map(
      (version: { number: number; current: boolean }) => [version.number, version.current] as const,
    )
    expect(numbers).to.deep.equal([
      [2, true],
      [1, false],
    ])
    expect(replaced.json.activity.version).not.to.equal(json.activity.version)
  })

  it('that nobody needs any more is removed after a day, with its files', async () => {
    const [old, played, used] = await Promise.all([scorm('Old'), scorm('Played'), scorm('Used')])
    const { json } = await upload(old)
    const step = json.id as string
    const path = `/activities/${step}/package`
    const second = await upload(played, {}, path)
    await upload(used, {}, path)
    const version = second.json.activity.version as string
    await AttemptModel.create({
      ...{ _id: randomUUID(), person: 'emil', course, activity: step, enrolment: 'emil|x' },
      ...{ cycle: 1, number: 1, version, status: 'open', openedAt: now() },
    })
    await tidyPackages.run(undefined)
    expect(folders(), 'too young').to.include(hashOf(old))
    const twoDaysAgo = new Date(now().getTime() - 2 * 86_400_000)
    await PackageVersionModel.updateMany({ activity: step }, { $set: { at: twoDaysAgo } })
    for (const hash of folders())
      utimesSync(join(palier.dataDir, 'packages', hash), twoDaysAgo, twoDaysAgo)
    await tidyPackages.run(undefined)
    expect(folders()).not.to.include(hashOf(old))
    expect(folders()).to.include.members([hashOf(played), hashOf(used)])
  })

  it('as golf makes them is read whole', async function () {
    for (const name of goodOnes) {
      const file = needsFixture(this, `scorm/golf/${name}.zip`)
      const { status, json } = await upload(readFileSync(file))
      expect(status, name).to.equal(201)
      expect(json.report.launchFiles, name).not.to.deep.equal([])
    }
  })
})

const goodOnes = [
  'ContentPackagingSingleSCO_SCORM12',
  'ContentPackagingOneFilePerSCO_SCORM20043rdEdition',
  'RuntimeBasicCalls_SCORM12',
]

const manifest = (title: string): string => `<?xml version="1.0"?>
<manifest identifier="tiny" version="1" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
 xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
<metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>
<organizations default="o"><organization identifier="o"><title>${title}</title>
<item identifier="i" identifierref="r"><title>Part</title></item></organization></organizations>
<resources><resource identifier="r" type="webcontent" adlcp:scormtype="sco" href="index.html">
<file href="index.html"/></resource></resources></manifest>`
