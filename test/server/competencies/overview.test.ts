import { expect } from 'chai'
import { personByEmail } from '../../../server/domain/people/people.js'
import { reportsOf } from '../../../server/domain/organisation/positions.js'
import { gapsOf } from '../../../server/domain/competencies/gaps.js'
import { actorOf, emptyDatabase, startTestApp, withDemo, type TestApp } from '../../support/app.js'

interface Row {
  readonly id: string
  readonly people: number
  readonly cells: readonly {
    readonly competency: string
    readonly people: number
    readonly reached: number
    readonly level: number | null
    readonly target: number | null
  }[]
}

describe('the overview of a unit', function () {
  this.timeout(180_000)
  let palier: TestApp

  before(async () => {
    await startTestApp()
    await emptyDatabase()
    palier = await withDemo()
  })

  const overview = async (role: string, path: string) => {
    const { status, json } = await (await palier.as(`${role}@demo.palier`)).get(path)
    expect(status).to.equal(200)
    return json as { by: string; items: Row[]; total: number; competencies: { id: string }[] }
  }

  it('counts in each unit below only the people the reader may see', async () => {
    const all = await overview('admin', '/units/ispm/competencies')
    const coast = await overview('coordinator', '/units/ispm/competencies')
    expect(all.items.length).to.be.above(3)
    expect(coast.items.map(({ id }) => id)).to.deep.equal(['coast-delegation'])
    const same = all.items.find(({ id }) => id === 'coast-delegation')
    expect(coast.items[0]).to.deep.equal(same)
  })

  it('shows each person’s level against the post, as that person’s own page does', async () => {
    const { items, competencies } = await overview(
      'coordinator',
      '/units/coast-delegation/competencies?by=people',
    )
    expect(competencies).to.have.length(8)
    const leo = items.find(({ id }) => id === 'leo-marchetti')
    const actor = await actorOf((await personByEmail('coordinator@demo.palier'))?._id ?? '')
    for (const { competency, target, level, gap } of await gapsOf(actor, 'leo-marchetti')) {
      const cell = leo?.cells.find((one) => one.competency === competency)
      expect(cell).to.include({ target, level, reached: gap <= 0 ? 1 : 0 })
    }
  })

  it('shows whoever leads people those who report to them, and nobody else', async () => {
    const path = '/units/ispm/competencies?by=people'
    for (const role of ['manager', 'learner', 'trainer']) {
      const { items, total } = await overview(role, path)
      const program = await palier.as(`${role}@demo.palier`)
      const { person } = (await program.get('/me')).json
      const reports = await reportsOf(person.id as string)
      const ids = items.map(({ id }) => id)
      expect(ids).to.have.members([person.id, ...reports])
      expect(total).to.equal(ids.length)
    }
  })

  it('has pages and panels without a text missing', async () => {
    for (const [role, path] of [
      ['coordinator', '/'],
      ['coordinator', '/units/coast-delegation'],
      ['coordinator', '/units/coast-delegation/competencies'],
      ['coordinator', '/units/bellarive-office/competencies?by=people'],
      ['trainer', '/units/coast-delegation/competencies'],
      ['manager', '/people/leo-marchetti'],
      ['manager', '/people/leo-marchetti/competencies'],
    ] as const) {
      const program = await palier.as(`${role}@demo.palier`)
      const { status, text } = await program.get(path, { accept: 'text/html' })
      expect(status, path).to.equal(200)
      expect(text, path).not.to.match(/competencies:[a-z]+\.[a-z]/)
    }
  })
})
