import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { RoleGrantModel } from '../../../server/domain/people/models.js'
import { withDemo, type Program, type TestApp } from '../../support/app.js'

describe('who is meant in a form', function () {
  this.timeout(120_000)
  let palier: TestApp
  let admin: Program
  let coordinator: Program

  before(async () => {
    palier = await withDemo()
    admin = await palier.as('admin@demo.palier')
    coordinator = await palier.as('coordinator@demo.palier')
  })

  const newcomer = async (given: Record<string, string>): Promise<string> => {
    const email = `${randomUUID()}@demo.palier`
    const form = { language: 'en', unit: 'coast-delegation', email, ...given }
    return (await admin.post('/people', form)).json.id as string
  }
  const coach = (person: string) =>
    admin.post('/admin/roles', { person, role: 'coach', unit: 'coast-delegation' })
  const coaches = (person: string): Promise<number> =>
    RoleGrantModel.countDocuments({ person, role: 'coach' })

  it('is found by id, address, staff number, and whole name in any order, without accents', async () => {
    const email = `${randomUUID()}@demo.palier`
    const staffNumber = randomUUID().slice(0, 8)
    const name = { givenName: 'Zoé', familyName: `Quimper ${randomUUID().slice(0, 6)}` }
    const id = await newcomer({ ...name, email, staffNumber })
    const said = [id, email.toUpperCase(), staffNumber, `${name.familyName} zoe`]
    for (const [at, who] of said.entries()) {
      expect((await coach(who)).status, who).to.be.oneOf([200, 201])
      expect(await coaches(id), who).to.equal(at + 1)
    }
  })

  it('is asked back where several or nobody is called that, and nothing is done', async () => {
    const name = { givenName: 'Ada', familyName: `Twice${randomUUID().slice(0, 6)}` }
    const twins = [await newcomer(name), await newcomer(name)]
    const both = await coach(`Ada ${name.familyName}`)
    expect(both.status).to.equal(422)
    expect(both.json.errors[0]).to.include({ path: 'person', code: 'organisation:several-people' })
    const none = await coach(name.familyName)
    expect(none.json.errors[0]).to.include({ path: 'person', code: 'organisation:nobody-meant' })
    for (const id of twins) expect(await coaches(id)).to.equal(0)
  })

  it('is nobody outside the actor’s scope, by whichever way', async () => {
    const email = `${randomUUID()}@demo.palier`
    const name = { givenName: 'Far', familyName: `Away${randomUUID().slice(0, 6)}` }
    const id = await newcomer({ ...name, email, unit: 'highlands-delegation' })
    const post = { title: 'A post', altitude: 'operational', unit: 'coast-delegation' }
    const own = (await coordinator.post('/posts', post)).json.id as string
    for (const person of [id, email, `Far ${name.familyName}`]) {
      const { status, json } = await coordinator.post(`/posts/${own}/holders`, { person })
      expect(status, person).to.equal(422)
      expect(json.errors[0]).to.include({ code: 'organisation:nobody-meant' })
    }
  })

  it('may be several, one a line, all of whom are enrolled or none', async () => {
    const people = 'coordinator@demo.palier\nLeo Marchetti\nNobody Known'
    const trainer = await palier.as('trainer@demo.palier')
    const { id } = (await trainer.post('/courses', { title: 'Lines', language: 'en' })).json
    const enrol = (lines: string) => admin.post(`/courses/${id}/participants`, { people: lines })
    const refused = await enrol(people)
    expect(refused.status).to.equal(422)
    expect(refused.json.errors).to.have.length(1)
    expect(refused.json.errors[0].detail).to.include('Nobody Known')
    expect((await admin.get(`/courses/${id}/participants`)).json.total).to.equal(0)
    const both = { people: 'coordinator@demo.palier\r\n\r\nLeo Marchetti\r\n' }
    const enrolled = await admin.post('/courses/plain-letters/participants', both)
    expect(enrolled.json.enrolments).to.have.length(2)
  })
})
