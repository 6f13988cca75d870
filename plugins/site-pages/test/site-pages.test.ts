import { expect } from 'chai'
import { withDemo, type Program, type TestApp } from '../../../test/support/app.js'
import { AcknowledgementModel, PageVersionModel } from '../models.js'

describe('the pages at the foot', function () {
  this.timeout(120_000)
  let palier: TestApp
  let admin: Program
  let learner: Program

  before(async () => {
    palier = await withDemo()
    admin = await palier.as('admin@demo.palier')
    learner = await palier.as('learner@demo.palier')
  })
  afterEach(async () => {
    await PageVersionModel.deleteMany({})
    await AcknowledgementModel.deleteMany({})
  })

  const written = (version: number, text = 'Our own words') =>
    admin.post('/admin/pages/privacy', { en: text, fr: text, es: text, version })
  const homeOf = async (): Promise<string> => (await learner.get('/', { accept: 'text/html' })).text

  it('can be read by anybody, in each language, from every page', async () => {
    for (const [language, words] of [
      ['en', 'Keyboard'],
      ['fr', 'Clavier'],
      ['es', 'Teclado'],
    ] as const) {
      const headers = { accept: 'text/html', 'accept-language': language }
      const { status, text } = await palier.anonymous.get('/help', headers)
      expect(status).to.equal(200)
      expect(text).to.include(`<h2>${words}</h2>`)
      for (const path of ['/help', '/accessibility', '/privacy'])
        expect(text).to.include(`<a href="${path}">`)
    }
  })

  it('are written by administrators alone, made harmless, and never lose what was said before', async () => {
    expect((await learner.get('/admin/pages')).status).to.equal(403)
    expect((await learner.post('/admin/pages/privacy', {})).status).to.equal(403)
    expect((await written(0, '## Ours\n\n<script>alert(1)</script>')).status).to.equal(204)
    const page = await palier.anonymous.get('/privacy', { accept: 'text/html' })
    expect(page.text).to.include('<h2>Ours</h2>').and.not.include('<script>alert')
    expect((await written(1)).status).to.equal(204)
    expect(await PageVersionModel.countDocuments({ slug: 'privacy' })).to.equal(2)
  })

  it('are not overwritten by whoever began from an older text', async () => {
    await written(0, 'First')
    const late = await written(0, 'Second')
    expect([late.status, late.json.code]).to.deep.equal([409, 'site-pages:changed-meanwhile'])
    expect((await palier.anonymous.get('/privacy')).json.text).to.equal('First')
    expect((await admin.post('/admin/pages/imprint', {})).status).to.be.oneOf([404, 422])
  })

  it('ask to be read until they are, and again when the notice is new', async () => {
    expect(await homeOf()).to.include('Read the privacy notice')
    await learner.post('/me/privacy-notice', { version: 0 })
    expect(await homeOf()).not.to.include('Read the privacy notice')
    await written(0)
    expect(await homeOf()).to.include('Read the privacy notice')
    await learner.post('/me/privacy-notice', { version: 1 })
    expect(await homeOf()).not.to.include('Read the privacy notice')
  })
})
