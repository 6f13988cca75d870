import { expect } from 'chai'
import { withDemo, type Program, type TestApp } from '../../../test/support/app.js'
import { TourModel } from '../models.js'
import { stepsFor, tourRoles } from '../steps.js'

const html = { accept: 'text/html' }

describe('the first visit', function () {
  this.timeout(120_000)
  let palier: TestApp
  let manager: Program

  before(async () => {
    palier = await withDemo()
    manager = await palier.as('manager@demo.palier')
  })
  afterEach(async () => {
    await TourModel.deleteMany({})
  })

  const home = async (): Promise<string> => (await manager.get('/', html)).text
  const move = (form: object) => manager.post('/me/tour', form)

  it('has five steps for each role, each a page that role may open', async () => {
    for (const role of tourRoles) {
      expect(stepsFor(role), role).to.have.length(5)
      const somebody = await palier.as(`${role === 'administrator' ? 'admin' : role}@demo.palier`)
      for (const { href } of stepsFor(role))
        expect((await somebody.get(href, html)).status, `${role} ${href}`).to.equal(200)
    }
  })

  it('begins by itself with what one is there for, and goes on and back', async () => {
    expect(await home())
      .to.include('First steps: 1 of 5')
      .and.include('href="/team"')
    await move({ move: 'next', step: 0 })
    await move({ move: 'next', step: 0 })
    expect(await home()).to.include('First steps: 2 of 5')
    await move({ move: 'back', step: 1 })
    expect(await home()).to.include('First steps: 1 of 5')
  })

  it('ends after its last step, or when it is closed, for good', async () => {
    for (let step = 0; step < 5; step += 1) await move({ move: 'next', step })
    expect(await home()).not.to.include('First steps:')
    await TourModel.deleteMany({})
    await move({ move: 'close' })
    expect(await home()).not.to.include('First steps:')
    const again = await palier.as('manager@demo.palier')
    expect((await again.get('/', html)).text).not.to.include('First steps:')
  })

  it('begins again when it is asked for, for any of the own roles and no other', async () => {
    await move({ move: 'close' })
    const { json } = await manager.get('/me/tour')
    const roles = json.tours.map(({ role }: { role: string }) => role)
    expect(roles).to.deep.equal(['manager', 'learner'])
    expect((await move({ move: 'start', role: 'learner' })).status).to.equal(204)
    expect(await home())
      .to.include('First steps: 1 of 5')
      .and.include('Find a course')
    expect((await move({ move: 'start', role: 'administrator' })).status).to.equal(404)
    expect((await move({ move: 'fly' })).status).to.equal(422)
    expect((await palier.anonymous.get('/me/tour')).status).to.equal(401)
  })
})
