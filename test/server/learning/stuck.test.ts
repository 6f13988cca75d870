import { expect } from 'chai'
import { openAttempt } from '../../../server/domain/learning/attempts.js'
import { merged } from '../../../server/domain/learning/completing.js'
import type { Progress } from '../../../server/domain/learning/contract.js'
import { enrolmentOf } from '../../../server/domain/learning/enrolments.js'
import {
  AttemptModel,
  type Activity,
  type Attempt,
  type Course,
} from '../../../server/domain/learning/models.js'
import { recordProgress } from '../../../server/domain/learning/progress.js'
import { NotificationModel } from '../../../server/domain/notifications/models.js'
import { signsOf } from '../../../server/domain/learning/stuck.js'
import { withDemo, type Program, type TestApp } from '../../support/app.js'
import { buildProgress, buildStep, idOf, storeCourse } from './support/taking.js'

const at = (visit: number, place: string): Progress =>
  buildProgress({ savedAt: new Date(1.7e12 + visit * 1000), bookmark: { place, visit } })

describe('signs that somebody is stuck', () => {
  const step = buildStep({ kind: 'package', criterion: 'completed' })
  const attempt = (number: number, progress?: Progress): Attempt =>
    ({ activity: step.id, number, status: 'open', ...(progress && { progress }) }) as Attempt
  const after = (...reports: Progress[]): Progress =>
    reports.reduce<Progress | undefined>(
      (before, one) => merged(before, one),
      undefined,
    ) as Progress

  it('are three visits to one page, and none of another in between', () => {
    const signs = (...reports: Progress[]) => signsOf([step], [attempt(1, after(...reports))])
    expect(signs(at(1, 'p4'), at(2, 'p4'))).to.deep.equal([])
    expect(signs(at(1, 'p4'), at(2, 'p4'), at(2, 'p4'), at(3, 'p4'))).to.deep.equal(['same-page'])
    expect(signs(at(1, 'p4'), at(2, 'p5'), at(3, 'p4'))).to.deep.equal([])
    expect(signs(at(5, 'p4'), at(6, 'p5'), at(7, 'p5'), at(8, 'p5'))).to.deep.equal(['same-page'])
    expect(signs(at(1, 'p4'), at(9, 'p5'))).to.deep.equal([])
  })

  it('are a third attempt as well, and nothing at a step that is done by any of them', () => {
    const done = buildProgress({ completion: 'completed' })
    expect(signsOf([step], [attempt(1), attempt(2)])).to.deep.equal([])
    expect(signsOf([step], [attempt(1), attempt(2), attempt(3)])).to.deep.equal(['many-attempts'])
    expect(signsOf([step], [attempt(1, done), attempt(2), attempt(3)])).to.deep.equal([])
    expect(signsOf([buildStep()], [attempt(1), attempt(2), attempt(3)])).to.deep.equal([])
  })
})

describe('those who are stuck', function () {
  this.timeout(300_000)
  let palier: TestApp
  let trainer: Program
  let course: Course
  let step: Activity
  const ids: Record<string, string> = {}

  before(async () => {
    palier = await withDemo()
    trainer = await palier.as('trainer@demo.palier')
    for (const role of ['learner', 'manager', 'trainer']) ids[role] = await idOf(role)
  })

  beforeEach(async () => {
    step = buildStep()
    course = await storeCourse({ activities: [step], trainers: [ids.trainer ?? ''] })
    for (const role of ['learner', 'manager'])
      await (await palier.as(`${role}@demo.palier`)).post(`/courses/${course._id}/enrolments`)
  })

  const found = async (status: string): Promise<unknown[]> => {
    const path = `/courses/${course._id}/participants?status=${status}`
    const { items } = (await trainer.get(path)).json as { items: { person: { id: string } }[] }
    return items.map(({ person }) => person.id)
  }
  const attemptOf = async (role: string): Promise<Attempt> => {
    const enrolment = await enrolmentOf(ids[role] ?? '', course._id)
    if (!enrolment) throw new Error('not enrolled')
    return openAttempt(enrolment, step)
  }

  it('are found by the page they come back to, until they get on', async () => {
    const { _id } = await attemptOf('learner')
    for (const visit of [1, 2, 3]) await recordProgress(_id, at(visit, 'p4'))
    expect(await found('same-page')).to.deep.equal([ids.learner])
    expect(await found('many-attempts')).to.deep.equal([])
    const page = await trainer.get(`/courses/${course._id}/participants`, { accept: 'text/html' })
    expect(page.text).to.include('badge--warn">Stays on the same page')
    await recordProgress(_id, at(4, 'p5'))
    expect(await found('same-page')).to.deep.equal([])
  })

  it('are found by the attempts they were given, and no longer once they have completed', async () => {
    await attemptOf('learner')
    const path = `/enrolments/${encodeURIComponent(`${ids.learner}|${course._id}`)}/attempts`
    for (const number of [1, 2])
      await trainer.post(path, { activity: step.id, number, reason: 'Once more' })
    expect(await found('many-attempts')).to.deep.equal([ids.learner])
    await (
      await palier.as('learner@demo.palier')
    ).post(`/learn/${step.id}/progress`, { done: true })
    expect(await found('many-attempts')).to.deep.equal([])
    expect(await found('completed')).to.deep.equal([ids.learner])
  })

  it('are told of the attempt they were given, though they go on before anybody says so', async () => {
    const { _id } = await attemptOf('learner')
    const given = { by: ids.trainer, reason: 'Its sound was broken' }
    await AttemptModel.updateOne({ _id }, { $set: { given, owed: ['given'] } })
    await AttemptModel.updateOne({ _id }, { $set: { owedUntil: new Date(Date.now() + 60_000) } })
    await recordProgress(_id, at(1, 'p1'))
    const told = { person: ids.learner ?? '', kind: 'learning:another-attempt' } as const
    expect(await NotificationModel.countDocuments({ ...told, 'data.course': course._id })).to.equal(
      1,
    )
  })
})
