import { expect } from 'chai'
import { CompletionModel } from '../../../server/domain/learning/models.js'
import { VisitModel } from '../../../server/domain/notifications/models.js'
import { now, resetClock, setClock } from '../../../server/platform/clock.js'
import { withDemo, type Program, type TestApp } from '../../support/app.js'
import { idOf, storeCourse } from '../learning/support/taking.js'

const hour = 3_600_000

describe('what has changed since the last visit', function () {
  this.timeout(120_000)
  let palier: TestApp
  let learner: Program

  before(async () => {
    palier = await withDemo()
  })
  beforeEach(async () => {
    await VisitModel.deleteMany({})
    learner = await palier.as('learner@demo.palier')
  })
  afterEach(() => resetClock())

  const home = async (who: Program = learner): Promise<string> =>
    (await who.get('/', { accept: 'text/html' })).text
  const goOn = (hours: number): void => {
    const at = new Date(Number(now()) + hours * hour)
    setClock(() => at)
  }
  /** The clock goes on, and who acts has signed in again. */
  const later = async (hours: number, email: string): Promise<Program> => {
    goOn(hours)
    return palier.as(email)
  }
  const title = 'Since you were last here'

  it('is said from the second visit on, and stays while it lasts', async () => {
    expect(await home()).not.to.include(title)
    await storeCourse({ publishedAt: now() })
    expect(await home()).not.to.include(title)
    const again = await later(5, 'learner@demo.palier')
    expect(await home(again))
      .to.include(title)
      .and.include('1 new course in the catalogue')
    goOn(0.5)
    expect(await home(again)).to.include('1 new course in the catalogue')
    goOn(0.1)
    await storeCourse({ publishedAt: now() })
    const third = await later(30, 'learner@demo.palier')
    const text = await home(third)
    expect(text).to.include('1 new course in the catalogue')
    const fourth = await later(30, 'learner@demo.palier')
    expect(await home(fourth)).not.to.include(title)
  })

  it('is what concerns one: completions in the own courses, and in the own team', async () => {
    const course = await storeCourse({ trainers: [await idOf('trainer')] })
    const roles = ['trainer', 'manager', 'siobhan.keane']
    for (const role of roles) await home(await palier.as(`${role}@demo.palier`))
    goOn(1)
    const person = await idOf('learner')
    await CompletionModel.create({
      _id: `${person}|${course._id}|1`,
      ...{ person, course: course._id, enrolment: `${person}|${course._id}`, cycle: 1 },
      ...{ at: now(), courseVersion: 1, title: course.title, outcomes: [], seconds: 60 },
      ...{ assurance: 'declared', revision: 0 },
    })
    const said = async (role: string): Promise<string> =>
      home(await later(6, `${role}@demo.palier`))
    expect(await said('trainer')).to.include('1 completion in the courses you teach')
    expect(await said('manager')).to.include('1 course completed in your team')
    expect(await said('siobhan.keane')).not.to.include('completed in your team')
  })
})
