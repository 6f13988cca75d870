import { expect } from 'chai'
import { withDemo } from '../../support/app.js'

describe('the audit log as it is read', () => {
  it('names people and units, and writes roles and dates in the reader’s words', async () => {
    const palier = await withDemo()
    const admin = await palier.as('admin@demo.palier')
    const person = (await admin.get('/people?q=Marchetti')).json.items[0].id as string
    const role = { person, role: 'coach', unit: 'coast-delegation', from: '2026-03-01' }
    expect((await admin.post('/admin/roles', role)).status).to.be.oneOf([200, 201])

    const { json } = await admin.get('/admin/audit')
    expect(json.people[person]).to.equal('Leo Marchetti')
    expect(json.units['coast-delegation']).to.equal('Coast delegation')
    const page = (await admin.get('/admin/audit', { accept: 'text/html' })).text
    expect(page).to.include(`href="/people/${person}">Leo Marchetti</a>`)
    expect(page).to.include('role: Coach · unit: Coast delegation · from: March 1, 2026')
  })
})
