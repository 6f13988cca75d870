import { expect } from 'chai'
import {
  emptyDatabase,
  startTestApp,
  withDemo,
  type Program,
  type TestApp,
} from '../../support/app.js'

interface Line {
  readonly competency: string
  readonly level: number
  readonly target: number | null
  readonly gap: number | null
  readonly self: number | null
  readonly rule: string
  readonly explanation: string
  readonly evidence: readonly { readonly kind: string; readonly decided: boolean }[]
}

describe('where a person stands', function () {
  this.timeout(180_000)
  let palier: TestApp
  let learner: Program
  let me: string

  before(async () => {
    await startTestApp()
    await emptyDatabase()
    palier = await withDemo()
    learner = await palier.as('learner@demo.palier')
    me = (await learner.get('/me')).json.person.id
  })

  const linesOf = async (program: Program, person: string): Promise<Line[]> =>
    (await program.get(`/people/${person}/competencies`)).json.competencies

  it('is told competency by competency, against what the post requires', async () => {
    const lines = await linesOf(learner, me)
    expect(lines).to.have.length.above(7)
    for (const { level, target, gap } of lines) {
      expect(gap).to.equal(target === null ? null : target - level)
    }
    const service = lines.find(({ competency }) => competency === 'managerial:customer-service')
    expect(service?.gap).to.be.above(0)
  })

  it('names for each level the one piece of evidence that decides, never a self-rating', async () => {
    for (const { level, evidence, rule } of await linesOf(learner, me)) {
      const decisive = evidence.filter(({ decided }) => decided)
      expect(decisive).to.have.length(level > 0 ? 1 : 0)
      expect(decisive.some(({ kind }) => kind === 'self')).to.equal(false)
      if (level === 0) expect(rule).to.equal('nothing-yet')
    }
  })

  it('is seen by the line manager and the coordinator, and by nobody out of scope', async () => {
    const statuses = await Promise.all(
      ['manager', 'coordinator', 'admin', 'trainer'].map(async (role) => {
        const program = await palier.as(`${role}@demo.palier`)
        return (await program.get(`/people/${me}/competencies`)).status
      }),
    )
    expect(statuses).to.deep.equal([200, 200, 200, 404])
    const manager = await palier.as('manager@demo.palier')
    const { person } = (await manager.get('/me')).json
    expect((await learner.get(`/people/${person.id}/competencies`)).status).to.equal(404)
  })

  it('has a page', async () => {
    const { status, text } = await learner.get(`/people/${me}/competencies`, {
      accept: 'text/html',
    })
    expect(status).to.equal(200)
    expect(text).to.include('charts--radar')
    expect(text).not.to.match(/competencies:[a-z]+\.[a-z]/)
  })
})
