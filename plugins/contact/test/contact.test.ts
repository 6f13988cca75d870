import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { NotificationModel } from '../../../server/domain/notifications/models.js'
import { PersonModel } from '../../../server/domain/people/models.js'
import { nearestHolders } from '../../../server/domain/organisation/nearest.js'
import { idOf } from '../../../test/server/learning/support/taking.js'
import { withDemo, type Program, type TestApp } from '../../../test/support/app.js'
import { getPage, signIn } from '../../../test/support/session.js'
import type { Name } from '#core'
import { EnquiryModel } from '../models.js'

const html = { accept: 'text/html' }

describe('contact', function () {
  this.timeout(120_000)
  let palier: TestApp
  let learner: Program
  let coordinator: Program
  let elsewhere: Program

  before(async () => {
    palier = await withDemo()
    await EnquiryModel.deleteMany({})
    learner = await palier.as('noe.bertin@demo.palier')
    coordinator = await palier.as('coordinator@demo.palier')
    elsewhere = await palier.as('siobhan.keane@demo.palier')
  })
  afterEach(async () => {
    await EnquiryModel.deleteMany({})
    await NotificationModel.deleteMany({ kind: /^contact:/ })
  })

  const text = 'The third step stays blank.\nI see nothing.'
  const ask = (form: object = {}) => learner.post('/contact', { text, ...form })
  const toldOf = async (kind: Name): Promise<string[]> =>
    (await NotificationModel.find({ kind }).lean()).map(({ person }) => person)

  it('reaches the coordinator of the delegation with page and request, and nobody of another', async () => {
    const { status, json } = await ask({ page: '/courses/plain-letters', request: 'a1-b2' })
    expect(status).to.equal(201)
    expect(json).to.include({ page: '/courses/plain-letters', request: 'a1-b2', status: 'open' })
    expect(await toldOf('contact:asked')).to.deep.equal([await idOf('coordinator')])
    const list = (await coordinator.get('/contact/enquiries')).json
    expect(list.items.map(({ id }: { id: string }) => id)).to.deep.equal([json.id])
    expect((await coordinator.get('/contact/enquiries?q=blank')).json.total).to.equal(1)
    expect((await coordinator.get('/contact/enquiries?q=sound')).json.total).to.equal(0)
    const page = await coordinator.get(`/contact/enquiries/${json.id}`, html)
    expect(page.text).to.include('href="/courses/plain-letters"').and.include('a1-b2')
    expect((await elsewhere.get('/contact/enquiries')).json.total).to.equal(0)
    expect((await elsewhere.get(`/contact/enquiries/${json.id}`)).status).to.equal(404)
    expect((await learner.get('/contact/enquiries')).status).to.equal(403)
    expect((await palier.anonymous.get('/contact')).status).to.equal(401)
  })

  it('is answered once, and the answer reaches the person alone', async () => {
    const { json } = await ask()
    const path = `/contact/enquiries/${json.id}/answer`
    expect((await elsewhere.post(path, { text: 'No' })).status).to.equal(404)
    expect((await coordinator.post(path, { text: ' ' })).status).to.equal(422)
    expect((await coordinator.post(path, { text: 'Mended' })).status).to.equal(204)
    const again = await coordinator.post(path, { text: 'Mended twice' })
    expect([again.status, again.json.code]).to.deep.equal([409, 'contact:already-answered'])
    expect(await toldOf('contact:answered')).to.deep.equal([await idOf('noe.bertin')])
    const own = (await learner.get('/contact')).json.own
    expect(own[0]).to.deep.include({ status: 'answered', text })
    expect(own[0].answer.text).to.equal('Mended')
    const other = await palier.as('clara.devries@demo.palier')
    expect((await other.get('/contact')).json.own).to.deep.equal([])
  })

  it('is one enquiry when its form is sent twice; another’s id, a foreign page and too many are refused', async () => {
    const id = randomUUID()
    const statuses = [await ask({ id }), await ask({ id })].map(({ status }) => status)
    expect(statuses).to.deep.equal([201, 200])
    const taken = await coordinator.post('/contact', { id, text })
    expect([taken.status, taken.json.code]).to.deep.equal([409, 'contact:id-taken'])
    for (const page of ['https://example.org', '//example.org', '/\\example.org', 'javascript:1'])
      expect((await ask({ page })).status, page).to.equal(422)
    for (let count = 1; count < 20; count += 1) expect((await ask()).status).to.equal(201)
    expect((await ask({ id })).status).to.equal(200)
    const more = await ask()
    expect([more.status, more.json.code]).to.deep.equal([429, 'contact:too-many'])
  })

  it('finds who is nearest, and the administrators where nobody coordinates', async () => {
    const { units } = (await EnquiryModel.findById((await ask()).json.id).lean()) ?? { units: [] }
    expect(units[0]).to.equal('bellarive-office')
    const own = await idOf('coordinator')
    expect(await nearestHolders(units, 'coordinator')).to.deep.equal([own])
    const above = await nearestHolders(units, 'coordinator', { except: own })
    expect(above).to.deep.equal([await idOf('beatriz.salcedo')])
    expect(await nearestHolders([], 'coordinator')).to.deep.equal([])
    await PersonModel.updateOne({ _id: own }, { $set: { status: 'deactivated' } })
    expect(await nearestHolders(units, 'coordinator')).to.deep.equal(above)
    await PersonModel.updateOne({ _id: own }, { $set: { status: 'active' } })
  })

  it('is at the foot of every page with the page it is, and where something went wrong with the request as well', async () => {
    const { text: page } = await learner.get('/courses', html)
    expect(page).to.include('href="/contact?page=%2Fcourses"')
    const cookie = await signIn(palier.url, 'noe.bertin@demo.palier')
    const error = await (await getPage(palier.url, '/courses/no-such', cookie)).text()
    const [, request] = /page=%2Fcourses%2Fno-such&amp;request=([\w-]+)"/.exec(error) ?? []
    expect(request).to.be.a('string')
    const form = await learner.get(`/contact?page=%2Fcourses%2Fno-such&request=${request}`, html)
    expect(form.text).to.include(`name="request" value="${request}"`)
    expect((await learner.get('/contact?page=//evil.example', html)).text).not.to.include('evil')
    const reset = await (await getPage(palier.url, '/reset/some-token', cookie)).text()
    expect(reset).to.include('href="/contact?page=&amp;request=').and.not.include('some-token')
  })
})
