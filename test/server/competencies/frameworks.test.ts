import { expect } from 'chai'
import fc from 'fast-check'
import { randomUUID } from 'node:crypto'
import { readFramework } from '../../../content/framework/framework.js'
import { contentOf, problemsOf } from '../../../server/domain/competencies/content.js'
import { fromCsv, toCsv } from '../../../server/domain/competencies/csv.js'
import { FrameworkModel } from '../../../server/domain/competencies/models.js'
import { sweepAll } from '../../../server/platform/owed.js'
import {
  emptyDatabase,
  startTestApp,
  withDemo,
  type Program,
  type TestApp,
} from '../../support/app.js'

const titles = { titleEn: 'Care', titleFr: 'Soin', titleEs: 'Cuidado' }
const descriptions = {
  descriptionEn: 'What care is.',
  descriptionFr: 'Ce qu’est le soin.',
  descriptionEs: 'Qué es el cuidado.',
}
const texts = { textEn: 'Greets.', textFr: 'Salue.', textEs: 'Saluda.' }

describe('frameworks', function () {
  this.timeout(180_000)
  let palier: TestApp
  let admin: Program
  let learner: Program

  before(async () => {
    await startTestApp()
    await emptyDatabase()
    palier = await withDemo()
    admin = await palier.as('admin@demo.palier')
    learner = await palier.as('learner@demo.palier')
  })

  const draft = async (slug: string, start = 'empty'): Promise<string> => {
    const { status, json } = await admin.post('/competencies', { slug, start, ...titles })
    expect(status).to.equal(201)
    return json.id as string
  }
  const put = (path: string, body: object) =>
    admin.send('PUT', path, JSON.stringify(body), {
      'content-type': 'application/json',
      accept: 'application/json',
    })
  const upload = (id: string, text: string) => {
    const body = new FormData()
    body.append('file', new Blob([text], { type: 'text/csv' }), 'framework.csv')
    return admin.send('POST', `/competencies/${id}/import`, body, { accept: 'application/json' })
  }
  const csvOf = async (id: string): Promise<string> =>
    (await admin.get(`/competencies/${id}/export.csv`)).text

  it('are there for everybody who signed in, with levels, behaviours and target profiles', async () => {
    const { frameworks } = (await learner.get('/competencies')).json
    expect(frameworks.map(({ slug }: { slug: string }) => slug)).to.deep.equal([
      'digital',
      'managerial',
    ])
    const { json } = await learner.get('/competencies/managerial')
    expect(json.scale).to.have.length(5)
    expect(json.competencies[0].behaviours.tactical.length).to.be.above(3)
    expect(Object.keys(json.profiles[0].targets)).to.have.length(8)
  })

  it('are drafted once, unseen by others, and refused while they are not complete', async () => {
    const form = { id: randomUUID(), slug: 'care', start: 'empty', ...titles }
    expect((await learner.post('/competencies', form)).status).to.equal(403)
    const [first, again] = [
      await admin.post('/competencies', form),
      await admin.post('/competencies', form),
    ]
    expect([first.status, again.status]).to.deep.equal([201, 200])
    const taken = await admin.post('/competencies', { ...form, id: randomUUID() })
    expect([taken.status, taken.json.errors[0].code]).to.deep.equal([
      422,
      'competencies:slug-taken',
    ])
    expect((await learner.get('/competencies/care@1')).status).to.equal(404)
    const refused = await admin.post('/competencies/care@1/publish')
    expect([refused.status, refused.json.code]).to.deep.equal([422, 'competencies:unfinished'])
  })

  it('are written part by part, and published', async () => {
    const path = `/competencies/${await draft('small')}`
    expect(
      (await put(`${path}/competencies`, { slug: 'greeting', ...titles, ...descriptions })).status,
    ).to.equal(204)
    const competency = 'small:greeting'
    for (const altitude of ['strategic', 'tactical', 'operational']) {
      const form = { id: randomUUID(), competency, altitude, level: 2, ...texts }
      expect((await put(`${path}/behaviours`, form)).status).to.equal(204)
      expect((await put(`${path}/behaviours`, form)).status).to.equal(204)
    }
    const profile = { slug: 'host', altitude: 'operational', ...titles }
    expect(
      (await put(`${path}/profiles`, { ...profile, targets: { [competency]: 3 } })).status,
    ).to.equal(204)
    const unknown = await put(`${path}/profiles`, { ...profile, targets: { 'small:none': 3 } })
    expect(unknown.status).to.equal(422)
    expect((await admin.post(`${path}/publish`)).status).to.equal(204)
    expect((await admin.post(`${path}/publish`)).status).to.equal(204)
    const { json } = await learner.get('/competencies/small')
    expect(json.competencies[0].behaviours.tactical).to.have.length(1)
    expect(json.profiles[0].targets).to.deep.equal({ [competency]: 3 })
  })

  it('never change once published: the next version replaces them', async () => {
    const id = await draft('steady', 'digital')
    await admin.post(`/competencies/${id}/publish`)
    const fixed = await put(`/competencies/${id}/competencies`, {
      slug: 'information',
      ...titles,
      ...descriptions,
    })
    expect([fixed.status, fixed.json.code]).to.deep.equal([409, 'competencies:published-is-fixed'])
    const next = await admin.post(`/competencies/${id}/versions`)
    expect([next.status, next.json.id]).to.deep.equal([201, 'steady@2'])
    expect((await admin.post(`/competencies/${id}/versions`)).status).to.equal(200)
    await put('/competencies/steady@2/competencies', {
      slug: 'information',
      ...titles,
      ...descriptions,
    })
    expect((await learner.get('/competencies/steady')).json.version).to.equal(1)
    await admin.post('/competencies/steady@2/publish')
    const { json } = await learner.get('/competencies/steady')
    expect(json.version).to.equal(2)
    const found = await FrameworkModel.find({ slug: 'steady' }).sort({ version: 1 }).lean()
    expect(found.map(({ status }) => status)).to.deep.equal(['outdated', 'published'])
  })

  it('replace the version before though a crash came between', async () => {
    await draft('crash', 'digital')
    await FrameworkModel.updateOne({ _id: 'crash@1' }, { $set: { status: 'published' } })
    const old = await FrameworkModel.findById('crash@1').lean()
    await FrameworkModel.create({ ...old, _id: 'crash@2', version: 2, owed: ['replace'] } as never)
    expect((await learner.get('/competencies/crash')).json.version).to.equal(2)
    await sweepAll()
    expect((await FrameworkModel.findById('crash@1').lean())?.status).to.equal('outdated')
  })

  it('keep their scale once a version was published', async () => {
    await draft('scaled', 'digital')
    const path = '/competencies/scaled@1'
    const settings = { ...titles, ...descriptions }
    expect((await admin.patch(path, { ...settings, step1En: 'First' })).status).to.equal(204)
    await admin.post(`${path}/publish`)
    await admin.post(`${path}/versions`)
    const refused = await admin.patch('/competencies/scaled@2', { ...settings, step1En: 'Other' })
    expect([refused.status, refused.json.code]).to.deep.equal([409, 'competencies:scale-locked'])
    expect((await admin.patch('/competencies/scaled@2', settings)).status).to.equal(204)
    const text = (await csvOf('scaled@2')).replace('First', 'Other')
    expect((await upload('scaled@2', text)).status).to.equal(204)
    const { json } = await admin.get('/competencies/scaled@2')
    expect(json.scale[0].name).to.equal('First')
  })

  it('lose no change of somebody who was faster', async () => {
    await draft('raced', 'digital')
    const answers = await Promise.all(
      ['one', 'two', 'three'].map((slug) =>
        put('/competencies/raced@1/competencies', { slug, ...titles, ...descriptions }),
      ),
    )
    const done = answers.filter(({ status }) => status === 204).length
    const { json } = await admin.get('/competencies/raced@1')
    expect(json.competencies).to.have.length(4 + done)
    expect(answers.every(({ status }) => [204, 409].includes(status))).to.equal(true)
  })

  it('go through a spreadsheet and back unchanged', async () => {
    const id = await draft('copied', 'managerial')
    const before = (await admin.get(`/competencies/${id}/edit`)).json
    const text = await csvOf(id)
    expect((await upload(id, text)).status).to.equal(204)
    expect((await admin.get(`/competencies/${id}/edit`)).json).to.deep.equal(before)
  })

  it('refuse a table line by line, and keep what was there', async () => {
    const id = await draft('lines', 'digital')
    const before = (await admin.get(`/competencies/${id}/edit`)).json
    const text = [
      'row,id,of,altitude,level,title_en,title_fr,title_es,text_en,text_fr,text_es',
      'framework,,,,,A,A,A,A,A,A',
      'competency,Not A Slug,,,,A,A,A,A,A,A',
      'behaviour,b,none,tactical,2,,,,A,A,A',
      'wrong,,,,,,,,,,',
      'level,,,,9,A,A,A,A,A,A',
    ].join('\n')
    const { status, json } = await upload(id, text)
    expect([status, json.code]).to.deep.equal([422, 'competencies:csv-refused'])
    expect(
      json.errors.map(({ path, code }: { path: string; code: string }) => `${path} ${code}`),
    ).to.have.members([
      'line-3 competencies:csv-id',
      'line-5 competencies:csv-row',
      'line-6 competencies:csv-level',
      'line-4 competencies:csv-stray',
    ])
    const broken = await upload(id, 'row,id\n"a,b\n')
    expect([broken.status, broken.json.code]).to.deep.equal([422, 'competencies:csv-unreadable'])
    expect((await admin.get(`/competencies/${id}/edit`)).json).to.deep.equal(before)
  })

  it('give a post its required levels', async () => {
    const coordinator = await palier.as('coordinator@demo.palier')
    const { items } = (await coordinator.get('/posts')).json
    const { id } = items[0]
    const wanted = 'managerial:counter-team-leader'
    const answer = await coordinator.post(`/posts/${id}/profile`, { profile: wanted })
    expect(answer.status).to.equal(204)
    const { profile } = (await coordinator.get(`/posts/${id}`)).json
    expect(profile.targets['managerial:customer-service']).to.equal(4)
    const none = await coordinator.post(`/posts/${id}/profile`, { profile: 'managerial:none' })
    expect([none.status, none.json.code]).to.deep.equal([422, 'competencies:no-such-profile'])
    const page = await coordinator.get(`/posts/${id}`, { accept: 'text/html' })
    expect(page.text).not.to.match(/competencies:[a-z]+\.[a-z]/)
  })

  it('have pages without a text missing', async () => {
    const id = await draft('paged', 'managerial')
    for (const path of [
      '/competencies',
      '/competencies/new',
      '/competencies/managerial',
      `/competencies/${id}/edit`,
      `/competencies/${id}/edit-competency`,
      `/competencies/${id}/edit-competency?competency=paged:customer-service`,
      `/competencies/${id}/edit-profile?profile=branch-director`,
      '/competencies/managerial/edit',
    ]) {
      const { status, text } = await admin.get(path, { accept: 'text/html' })
      expect(status, path).to.equal(200)
      expect(text, path).not.to.match(/competencies:[a-z]+\.[a-z]/)
    }
  })
})

describe('a framework as a table', () => {
  const whole = contentOf(readFramework('digital'))

  it('keeps every text, also what a spreadsheet would take for a formula', () => {
    const risky = fc
      .string({ minLength: 1, maxLength: 40 })
      .filter((text) => text.trim() === text && !text.startsWith("'"))
    fc.assert(
      fc.property(fc.constantFrom('=', '+', '-', '@', '', ';', '"'), risky, (mark, rest) => {
        const en = `${mark}${rest}`.trim()
        const title = { ...whole.title, en }
        const table = toCsv({ ...whole, title })
        expect(fromCsv('digital', table).title.en).to.equal(en)
        const beginnings = table.replace(/"((?:[^"]|"")*)"/g, (_, inside: string) =>
          inside.slice(0, 1).replace(/[",\n]/, ''),
        )
        expect(beginnings).not.to.match(/(^|,)[=+@]/m)
      }),
    )
  })

  it('is read with semicolons too, as some spreadsheets write it', () => {
    const [head = '', ...rest] = toCsv(whole).split('\n')
    expect(head).to.include('row,id')
    const quoted = rest.filter((line) => line.startsWith('level'))
    expect(quoted).to.have.length(5)
    const table = 'row;id;of;altitude;level;title_en;title_fr;title_es;text_en;text_fr;text_es\n'
    const read = fromCsv('x', `${table}framework;;;;;A, B;A;A;A;A;A\ncompetency;c;;;;A;A;A;A;A;A\n`)
    expect(read.title.en).to.equal('A, B')
    expect(read.competencies[0]?.id).to.equal('x:c')
    expect(problemsOf(read).map(({ code }) => code)).to.include('competencies:scale-incomplete')
  })

  it('is complete as Palier ships it', () => {
    expect(problemsOf(whole)).to.deep.equal([])
    expect(problemsOf(contentOf(readFramework('managerial')))).to.deep.equal([])
  })
})
