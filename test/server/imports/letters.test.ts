import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { runDueJobs } from '../../../server/platform/jobs.js'
import { withDemo, type Program, type TestApp } from '../../support/app.js'
import { cookieOf, getPage, postForm } from '../../support/session.js'
import { csv, sendFile } from './support/files.js'

describe('letters of an import', function () {
  this.timeout(300_000)
  let palier: TestApp
  let admin: Program
  let coordinator: Program
  const number = (): string => `L-${randomUUID().slice(0, 8)}`

  before(async () => {
    palier = await withDemo()
    admin = await palier.as('admin@demo.palier')
    coordinator = await palier.as('coordinator@demo.palier')
  })

  it('prints letters for those without an address, whose first password opens nothing but the choice of another', async () => {
    const [a, b] = [number(), number()]
    const file = csv(
      ['matricule', 'nom', 'prénom', 'courriel', 'service'],
      [a, 'Nu', 'Mé', '', 'Paie'],
      [b, 'Adresse', 'Avec', `${b}@exemple.fr`, 'Paie'],
    )
    const id = (await sendFile(admin, file)).json.id as string
    await admin.post(`/imports/${id}/apply`)
    const shown = async () => (await admin.get(`/imports/${id}`)).json as { status: string }
    while ((await shown()).status === 'applying') await runDueJobs()
    expect(await shown()).to.include({ status: 'applied', letters: 1 })
    const made = await admin.post(`/imports/${id}/letters`)
    expect(made.status, made.text).to.equal(201)
    expect(await shown()).to.include({ letters: 0 })
    expect((await admin.post(`/imports/${id}/letters`)).json).to.include({
      code: 'imports:no-letters',
    })
    const [letter] = (await admin.get(`/letters/${made.json.id}`)).json.letters as {
      facts: { value: string }[]
    }[]
    expect((await coordinator.get(`/letters/${made.json.id}`)).status).to.equal(404)
    const [, account, first] = (letter?.facts ?? []).map(({ value }) => value)
    expect(account).to.equal(a)
    const form = { email: a, password: first ?? '' }
    const answer = await postForm(palier.url, '/sign-in', form)
    expect(answer.status).to.equal(303)
    const choose = answer.headers.get('location') ?? ''
    expect(choose).to.match(/^\/invitations\//)
    expect((await getPage(palier.url, '/me', cookieOf(answer))).status).to.equal(303)
    expect((await palier.anonymous.post('/sign-in', form)).json).to.include({
      code: 'people:first-password',
    })
    const again = await postForm(palier.url, '/sign-in', form)
    const link = again.headers.get('location') ?? ''
    const chosen = await postForm(palier.url, link, { password: 'a password of my own' })
    expect((await getPage(palier.url, '/me', cookieOf(chosen))).status).to.equal(200)
    expect((await palier.anonymous.post('/sign-in', form)).status).to.equal(401)
    const own = { email: a, password: 'a password of my own' }
    expect((await palier.anonymous.post('/sign-in', own)).status).to.equal(200)
    expect((await admin.get(`/letters/${made.json.id}`)).json.letters).to.deep.equal([])
  })
})
