import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import mongoose from 'mongoose'
import { faultsOf } from '../../../server/domain/people/passwords/faults.js'
import { PasswordRuleModel } from '../../../server/domain/people/passwords/models.js'
import { defaultRule } from '../../../server/domain/people/passwords/rules.js'
import { makeLink } from '../../../server/domain/people/links.js'
import { PersonModel } from '../../../server/domain/people/models.js'
import { withDemo, type Program, type TestApp } from '../../support/app.js'
import { getPage, postForm, signIn } from '../../support/session.js'

const html = { accept: 'text/html' }
const strict = { minLength: 16, refuseKnown: true, refuseCommon: true }

describe('a rule for passwords', () => {
  const known = ['Rose Dupont', 'rose.dupont@imss.example', 'AB-48213', 'Institut de Maravelle']
  const codes = (password: string, rule = defaultRule): string[] =>
    faultsOf(password, rule, known).map(({ code }) => code)

  it('counts characters, not the units they are stored in', () => {
    expect(codes('ééééàààçü')).to.deep.equal(['people:password-too-short'])
    expect(codes('🙂🐢🌵🍎🚲🎻🧭⛵🪁')).to.deep.equal(['people:password-too-short'])
    expect(codes('🙂🐢🌵🍎🚲🎻🧭⛵🪁🧩')).to.deep.equal([])
  })

  it('asks for no capitals, digits or signs', () => {
    for (const good of ['tortue gilet parapluie', 'correcthorsestaple', '84027365912075'])
      expect(codes(good), good).to.deep.equal([])
  })

  it('refuses what is known of a person, accents and capitals aside, and names it', () => {
    for (const bad of [
      'dupont tortue',
      'tortueDÜPONT',
      '48213-tortue',
      'maravelle pluie',
      'ma rose a moi',
    ])
      expect(codes(bad), bad).to.deep.equal(['people:password-known'])
    expect(faultsOf('tortue Dupont', defaultRule, known)[0]?.values).to.deep.equal({
      word: 'dupont',
    })
    expect(codes('virose en prose'), 'a short part within a word').to.deep.equal([])
    expect(codes('dupont tortue', { ...defaultRule, refuseKnown: false })).to.deep.equal([])
  })

  it('refuses what many people use, with digits or signs around it, repeated, or in a row', () => {
    for (const bad of [
      '1234567890',
      'Motdepasse',
      'Contraseña!',
      'Sunshine2026!',
      '$$password$$',
      'abcabcabcabc',
      'ijklmnopqrs',
    ])
      expect(codes(bad), bad).to.deep.equal(['people:password-common'])
    expect(codes('sunshine2026', { ...defaultRule, refuseCommon: false })).to.deep.equal([])
  })

  it('tells every reason at once', () => {
    expect(faultsOf('dragon1', defaultRule, ['Dragon Fly']).map(({ code }) => code)).to.deep.equal([
      'people:password-too-short',
      'people:password-known',
      'people:password-common',
    ])
  })
})

describe('the passwords of an institution', function () {
  this.timeout(120_000)
  let palier: TestApp
  let admin: Program

  before(async () => {
    palier = await withDemo()
    admin = await palier.as('admin@demo.palier')
  })
  afterEach(() => PasswordRuleModel.deleteMany({}))

  const invited = async (): Promise<{ id: string; path: string }> => {
    const { json } = await admin.post('/people', {
      ...{ givenName: 'Yvonne', familyName: 'Quillon', language: 'en', unit: 'ispm' },
      email: `${randomUUID()}@demo.palier`,
    })
    return { id: json.id, path: new URL(await makeLink('invitation', json.id)).pathname }
  }

  const code = async (answer: Promise<{ json: { errors: { code: string }[] } }>) =>
    (await answer).json.errors.map((error) => error.code)

  it('begin as they were, and are changed by an administrator alone, which the log says', async () => {
    expect((await admin.get('/admin/passwords')).json).to.deep.equal(defaultRule)
    const coordinator = await palier.as('coordinator@demo.palier')
    expect((await coordinator.get('/admin/passwords')).status).to.equal(403)
    expect((await coordinator.post('/admin/passwords', strict)).status).to.equal(403)
    expect((await coordinator.post('/admin/passwords/try', { password: 'x' })).status).to.equal(403)

    expect((await admin.post('/admin/passwords', strict)).status).to.equal(204)
    expect((await admin.get('/admin/passwords')).json).to.deep.equal(strict)
    const { items } = (await admin.get('/admin/audit')).json
    expect(items[0]).to.include({ action: 'people:password-rules-changed', object: 'ispm' })
    expect(items[0].details).to.deep.equal({ minLength: '16' })

    for (const minLength of [7, 65])
      expect((await admin.post('/admin/passwords', { ...strict, minLength })).status).to.equal(422)
  })

  it('are told before one types, and refused with stable codes, wherever one is chosen', async () => {
    await admin.post('/admin/passwords', strict)
    const { id, path } = await invited()
    const reset = new URL(await makeLink('reset', id)).pathname
    for (const page of [path, reset]) {
      expect(await (await getPage(palier.url, page)).text()).to.include('At least 16 characters.')
      const post = (password: string) => palier.anonymous.post(page, { password })
      expect(await code(post('fifteen letters'))).to.deep.equal(['people:password-too-short'])
      expect(await code(post('my friend Quillon eats'))).to.deep.equal(['people:password-known'])
      expect(await code(post('abababababababab'))).to.deep.equal(['people:password-common'])
    }
    const own = 'turtle waistcoat umbrella'
    expect((await postForm(palier.url, path, { password: own })).status).to.equal(303)

    const person = await palier.as((await PersonModel.findById(id).lean())?.email ?? '')
    expect((await person.get('/me/password', html)).text).to.include('At least 16 characters.')
    const change = { current: own, password: 'institute of Maravelle' }
    expect(await code(person.post('/me/password', change))).to.deep.equal(['people:password-known'])
    expect(
      (await person.post('/me/password', { ...change, password: `${own} too` })).status,
    ).to.equal(204)
  })

  it('are those of the person’s own institution', async () => {
    await admin.post('/admin/passwords', strict)
    const { id, path } = await invited()
    await PersonModel.updateOne({ _id: id }, { $set: { institution: 'elsewhere' } })
    const password = 'ten letters'
    expect((await postForm(palier.url, path, { password })).status).to.equal(303)
  })

  it('are tried beside the rule: it says whether one is accepted and why not', async () => {
    const cookie = await signIn(palier.url, 'admin@demo.palier')
    const attempt = (password: string) =>
      postForm(palier.url, '/admin/passwords/try', { password }, cookie)
    const good = await attempt('turtle waistcoat')
    expect([good.status, good.headers.get('location')]).to.deep.equal([303, '/admin/passwords'])

    const bad = await attempt('qwerty')
    const page = await bad.text()
    expect(bad.status).to.equal(422)
    expect(page).to.include('at least 10 characters').and.include('Many people use this password')
    expect(page).to.not.include('qwerty')
  })

  it('are refused in the reader’s language', async () => {
    const { path } = await invited()
    const said = { en: 'at least 10 characters', fr: 'au moins 10 caractères', es: 'al menos 10' }
    for (const [language, words] of Object.entries(said)) {
      const headers = { 'accept-language': language }
      const { json } = await palier.anonymous.post(path, { password: 'quillon' }, headers)
      expect(json.errors[0].detail, language).to.include(words)
      expect(json.errors[1].detail, language).to.include('quillon')
    }
  })

  it('are kept nowhere when tried', async () => {
    const secret = 'unheardof turtle waistcoat'
    await admin.post('/admin/passwords/try', { password: secret })
    await admin.post('/admin/passwords/try', { password: 'unheardof' })
    const { db } = mongoose.connection
    for (const { name } of (await db?.listCollections().toArray()) ?? []) {
      const all = JSON.stringify(await db?.collection(name).find({}).toArray())
      expect(all.includes('unheardof'), name).to.equal(false)
    }
  })
})
