import { expect } from 'chai'
import { deflateSync } from 'node:zlib'
import mongoose from 'mongoose'
import { pictureIn } from '../../../server/domain/organisation/settings/logos.js'
import { readLooks } from '../../../server/domain/organisation/settings/looks.js'
import { InstitutionSettingsModel } from '../../../server/domain/organisation/settings/models.js'
import { UnitModel, type Unit } from '../../../server/domain/organisation/models.js'
import { withDemo, type Program, type TestApp } from '../../support/app.js'
import { getPage, signIn, postForm } from '../../support/session.js'

const names = {
  nameEn: 'Institute of Social Protection of Maravelle',
  nameFr: 'Institut de protection sociale de Maravelle',
}
const settings = { name: 'The Institute', ...names, languages: ['en', 'fr', 'es'] }
const html = { accept: 'text/html' }

/** A picture of one pixel, without its checksums: what tells its kind is in the first bytes. */
const png = Buffer.concat([
  Buffer.from('89504e470d0a1a0a0000000d49484452000000400000002008020000000000000000000000', 'hex'),
  deflateSync(Buffer.alloc(64)),
])

describe('how an institution appears', function () {
  this.timeout(120_000)
  let palier: TestApp
  let admin: Program
  let before: Unit | null

  beforeEach(async () => {
    palier = await withDemo()
    admin = await palier.as('admin@demo.palier')
    before = await UnitModel.findById('ispm').lean<Unit>()
  })

  afterEach(async () => {
    await InstitutionSettingsModel.deleteMany({})
    if (before) await UnitModel.replaceOne({ _id: 'ispm' }, before)
    await readLooks()
  })

  const page = async (path: string, language = 'en'): Promise<string> =>
    (await palier.anonymous.get(path, { ...html, 'accept-language': language })).text

  it('shows its name on every page, before the sign-in as well, in the reader’s language', async () => {
    expect(await page('/sign-in', 'fr')).to.include('Institut de protection sociale de Maravelle')
    expect((await admin.post('/admin/settings', settings)).status).to.equal(204)
    expect(await page('/sign-in', 'fr')).to.include(names.nameFr)
    expect(await page('/sign-in', 'es')).to.match(/<title>[^<]* · The Institute<\/title>/)
    expect((await admin.get('/people', html)).text).to.include(` · ${names.nameEn}</title>`)
  })

  it('shows its colour by a stylesheet that is kept for ever, made so that it can be read', async () => {
    expect(await page('/sign-in')).to.not.include('/brand.css')
    await admin.post('/admin/settings', { ...settings, colour: 'FFCC00' })
    const [, address = ''] =
      /<link rel="stylesheet" href="(\/brand\.css[^"]+)"/.exec(await page('/sign-in')) ?? []
    const { status, headers, text } = await palier.anonymous.get(address.replaceAll('&amp;', '&'))
    expect(status).to.equal(200)
    expect(headers.get('content-type')).to.include('text/css')
    expect(headers.get('cache-control')).to.equal('public, max-age=31536000, immutable')
    expect(text).to.include(':root{--brand:#816700;--on-brand:#ffffff')
    expect(text).to.include(":root[data-theme='dark']{--brand:#ffcc00")

    const { json } = await admin.get('/admin/settings')
    expect(json).to.include({ colour: '#ffcc00', light: '#816700', dark: '#ffcc00' })
    const shown = (await admin.get('/admin/settings', html)).text
    expect(shown).to.include('#ffcc00 was made darker, #816700, so that it can be read')
    expect(shown).to.not.include('was made lighter')
    const stale = await palier.anonymous.get('/brand.css?colour=ffcc00&v=older')
    expect(stale.headers.get('cache-control')).to.not.match(/immutable/)
    expect((await palier.anonymous.get('/brand.css?colour=red')).status).to.equal(422)
  })

  it('takes a picture by its own bytes, and shows it to everybody', async () => {
    expect((await uploaded(admin, png, 'anything.txt')).status).to.equal(204)
    const [, address = ''] =
      /src="(\/brand\/logo\/[0-9a-f]{64})"/.exec(await page('/sign-in')) ?? []
    const { status, headers } = await palier.anonymous.get(address)
    expect(status).to.equal(200)
    expect(headers.get('content-type')).to.equal('image/png')
    expect(headers.get('x-content-type-options')).to.equal('nosniff')
    expect(headers.get('cache-control')).to.match(/immutable/)
    expect((await admin.get('/people', html)).text).to.include(
      `src="${address}" width="64" height="32"`,
    )

    expect((await admin.post('/admin/settings/logo/remove')).status).to.equal(204)
    expect(await page('/sign-in')).to.not.include('/brand/logo/')
    expect((await palier.anonymous.get(address)).status).to.equal(404)
  })

  it('refuses what is no picture, whatever it is called, and what is too large', async () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>')
    const refused = await uploaded(admin, svg, 'logo.png')
    expect(refused.status).to.equal(422)
    expect(refused.json.code).to.equal('organisation:logo-kind')
    expect((await uploaded(admin, png.subarray(0, 12), 'logo.png')).status).to.equal(422)
    const large = await uploaded(admin, Buffer.concat([png, Buffer.alloc(200_000)]), 'logo.png')
    expect(large.status).to.equal(413)
    expect(large.json.detail).to.include('0.2 MB')
    expect((await admin.post('/admin/settings/logo')).json.code).to.equal(
      'organisation:logo-missing',
    )
    expect((await admin.get('/admin/settings')).json.logo).to.equal(false)
  })

  it('knows the size of the three kinds of picture, and of nothing that breaks off', () => {
    const jpeg = Buffer.from('ffd8ffe000044a46ffc0001108006400c8030122', 'hex')
    expect(pictureIn(jpeg)).to.deep.equal({ type: 'image/jpeg', width: 200, height: 100 })
    const riff = (chunk: string, rest: string): Buffer =>
      Buffer.concat([Buffer.from(`RIFF____WEBP${chunk}____`, 'latin1'), Buffer.from(rest, 'hex')])
    const size = { type: 'image/webp', width: 200, height: 100 }
    expect(pictureIn(riff('VP8X', '00000000c70000630000'))).to.deep.equal(size)
    expect(pictureIn(riff('VP8L', '2fc7c01800'))).to.deep.equal(size)
    expect(pictureIn(riff('VP8 ', '0000009d012ac8006400'))).to.deep.equal(size)
    for (let length = 0; length < 17; length += 1)
      expect(pictureIn(jpeg.subarray(0, length))).to.equal(undefined)
    expect(pictureIn(Buffer.from('GIF89a0000000000'))).to.equal(undefined)
  })

  it('offers the languages that were chosen, and leaves readers of another theirs', async () => {
    await admin.post('/admin/settings', { ...settings, languages: ['fr', 'es'] })
    expect(await page('/sign-in', 'en, es;q=0.5')).to.include('<html lang="es"')
    expect(await page('/sign-in', 'de')).to.include('<html lang="fr"')
    const cookie = await signIn(palier.url, 'trainer@demo.palier')
    const own = await (await getPage(palier.url, '/me/preferences', cookie)).text()
    expect(own).to.include('<html lang="en"').and.include('<option value="en" selected>')
    const other = (await admin.get('/people/new', html)).text
    expect(other).to.include('<option value="fr"')
    expect(
      (await admin.post('/admin/settings', { ...settings, languages: [] })).json.errors[0].code,
    ).to.equal('organisation:no-language')
  })

  it('takes one language from a form, and Palier’s own colour where none is given', async () => {
    await admin.post('/admin/settings', { ...settings, colour: '#112233' })
    const cookie = await signIn(palier.url, 'admin@demo.palier')
    const form = { name: 'Short', nameEn: '', nameFr: '', nameEs: '', colour: '', languages: 'en' }
    expect((await postForm(palier.url, '/admin/settings', form, cookie)).status).to.equal(303)
    const { json } = await admin.get('/admin/settings')
    expect(json).to.deep.include({ name: 'Short', names: {}, colour: null, languages: ['en'] })
    const refused = await postForm(
      palier.url,
      '/admin/settings',
      { ...form, colour: 'red' },
      cookie,
    )
    expect(refused.status).to.equal(422)
    expect(await refused.text()).to.include('Write the colour as six digits')
  })

  it('logs what changed, and nothing where nothing did', async () => {
    await admin.post('/admin/settings', { ...settings, colour: '#112233' })
    const { items, total } = (await admin.get('/admin/audit')).json
    expect(items[0]).to.include({ action: 'organisation:settings-changed', object: 'ispm' })
    expect(items[0].details).to.include({ name: 'The Institute', colour: '#112233' })
    await admin.post('/admin/settings', { ...settings, colour: '#112233' })
    expect((await admin.get('/admin/audit')).json.total).to.equal(total)
  })

  it('is changed by administrators of the institution alone', async () => {
    for (const email of ['coordinator', 'trainer', 'manager', 'learner']) {
      const other = await palier.as(`${email}@demo.palier`)
      expect((await other.get('/admin/settings')).status, email).to.equal(403)
      expect((await other.post('/admin/settings', settings)).status, email).to.equal(403)
      expect((await other.post('/admin/settings/logo/remove')).status, email).to.equal(403)
    }
  })

  it('costs a page no reading: those of two seconds share one', async () => {
    const read: string[] = []
    mongoose.set('debug', (collection: string) => void read.push(collection))
    try {
      await readLooks()
      const own = 'organisation_institution_settings'
      expect(read.filter((collection) => collection === own)).to.have.length(1)
      for (let pages = 0; pages < 5; pages += 1) await page('/sign-in')
      expect(read.filter((collection) => collection === own)).to.have.length(1)
    } finally {
      mongoose.set('debug', false)
    }
  })

  it('that another process changed shows within seconds', async () => {
    await readLooks()
    await InstitutionSettingsModel.create({ _id: 'ispm', colour: '#112233' })
    expect(await page('/sign-in')).to.not.include('/brand.css')
    await new Promise((done) => setTimeout(done, 2100))
    expect(await page('/sign-in')).to.include('/brand.css?colour=112233')
  })
})

function uploaded(program: Program, bytes: Buffer, name: string) {
  const form = new FormData()
  form.append('logo', new Blob([new Uint8Array(bytes)]), name)
  return program.send('POST', '/admin/settings/logo', form, { accept: 'application/json' })
}
