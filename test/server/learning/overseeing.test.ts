import { expect } from 'chai'
import { EnrolmentModel, type Course } from '../../../server/domain/learning/models.js'
import { NotificationModel } from '../../../server/domain/notifications/models.js'
import { findPerson } from '../../../server/domain/people/people.js'
import { withDemo, type Program, type TestApp } from '../../support/app.js'
import { buildStep, idOf, storeCourse } from './support/taking.js'

const page = { accept: 'text/html' }

describe('overseeing who learns', function () {
  this.timeout(300_000)
  let palier: TestApp
  const as: Record<string, Program> = {}
  const ids: Record<string, string> = {}

  before(async () => {
    palier = await withDemo()
    for (const role of ['manager', 'learner', 'coordinator', 'trainer', 'admin']) {
      as[role] = await palier.as(`${role}@demo.palier`)
      ids[role] = await idOf(role)
    }
    as.elsewhere = await palier.as('siobhan.keane@demo.palier')
  })

  const program = (name: string): Program => as[name] ?? palier.anonymous
  const enrol = (name: string, { _id }: Course, form: object = {}) =>
    program(name).post(`/courses/${_id}/enrolments`, form)
  const told = (role: string, kind: string, course: Course): Promise<number> =>
    NotificationModel.countDocuments({
      person: ids[role] ?? '',
      kind: `learning:${kind}`,
      'data.course': course._id,
    }).exec()
  const enrolmentPath = (role: string, { _id }: Course): string =>
    `/enrolments/${encodeURIComponent(`${ids[role]}|${_id}`)}`

  it('asks trainer and line manager where a course wants approval, and tells what they decided', async () => {
    const course = await storeCourse({
      enrolment: { rule: 'approval' },
      trainers: [ids.trainer ?? ''],
    })
    const asked = await enrol('learner', course)
    expect([asked.status, asked.json.status]).to.deep.equal([201, 'requested'])
    expect((await enrol('learner', course)).status).to.equal(200)
    const { manager } = await findPerson(ids.learner ?? '')
    expect(manager).to.equal(ids.manager)
    expect([
      await told('trainer', 'requested', course),
      await told('manager', 'requested', course),
    ]).to.deep.equal([1, 1])
    const step = `/learn/${course.activities[0]?.id}`
    expect((await program('learner').get(step)).status).to.equal(403)

    const path = enrolmentPath('learner', course)
    expect((await program('learner').post(`${path}/approve`)).status).to.equal(403)
    expect((await program('elsewhere').post(`${path}/approve`)).status).to.equal(404)
    expect((await program('manager').post(`${path}/approve`)).json.status).to.equal('active')
    expect((await program('trainer').post(`${path}/approve`)).json.status).to.equal('active')
    expect((await program('trainer').post(`${path}/refuse`)).json.code).to.equal(
      'learning:not-requested',
    )
    expect(await told('learner', 'approved', course)).to.equal(1)
    expect(await told('learner', 'enrolled', course)).to.equal(0)
    expect((await program('learner').get(step)).status).to.equal(200)
  })

  it('finds who has made no progress for some days: begun and left, or never begun', async () => {
    const course = await storeCourse({ trainers: [ids.trainer ?? ''] })
    const ago = (days: number): Date => new Date(Date.now() - days * 86_400_000)
    const standings = {
      learner: { enrolledAt: ago(60), startedAt: ago(50), lastAt: ago(20) },
      manager: { enrolledAt: ago(15) },
      coordinator: { enrolledAt: ago(60), startedAt: ago(50), lastAt: ago(13) },
      admin: { enrolledAt: ago(60), status: 'completed', completedAt: ago(40), lastAt: ago(40) },
    } as const
    for (const [role, standing] of Object.entries(standings)) {
      await enrol(role, course)
      await EnrolmentModel.updateOne({ _id: `${ids[role]}|${course._id}` }, { $set: standing })
    }
    const stalled = async (query: string): Promise<string[]> => {
      const { items } = (
        await program('trainer').get(`/courses/${course._id}/participants${query}`)
      ).json as { items: { person: { id: string } }[] }
      return items.map(({ person }) => person.id).toSorted()
    }
    const who = (...roles: string[]): string[] => roles.map((role) => ids[role] ?? '').toSorted()
    expect(await stalled('?status=stalled')).to.deep.equal(who('learner', 'manager'))
    expect(await stalled('?status=stalled&days=18')).to.deep.equal(who('learner'))
    expect(await stalled('?status=stalled&days=10')).to.deep.equal(
      who('learner', 'manager', 'coordinator'),
    )
    const shown = await program('trainer').get(
      `/courses/${course._id}/participants?status=stalled`,
      page,
    )
    expect(shown.text).to.match(/name="days" value="14"/)
  })

  it('lets somebody who was refused ask again', async () => {
    const course = await storeCourse({
      enrolment: { rule: 'approval' },
      trainers: [ids.trainer ?? ''],
    })
    await enrol('learner', course)
    await program('trainer').post(`${enrolmentPath('learner', course)}/refuse`)
    expect(await told('learner', 'refused', course)).to.equal(1)
    const again = await enrol('learner', course)
    expect([again.status, again.json.status]).to.deep.equal([201, 'requested'])
    expect(await told('trainer', 'requested', course)).to.equal(2)
  })

  it('enrols others within reach, who are told; nobody else', async () => {
    const course = await storeCourse({ enrolment: { rule: 'approval' } })
    const person = ids.learner
    expect((await enrol('elsewhere', course, { person })).status).to.equal(404)
    expect((await enrol('learner', course, { person: ids.manager })).status).to.equal(404)
    const { status, json } = await enrol('coordinator', course, { person, due: '2030-01-31' })
    expect([status, json.status, json.dueAt]).to.deep.equal([
      201,
      'active',
      '2030-01-31T23:59:59.000Z',
    ])
    expect((await enrol('manager', course, { person })).status).to.equal(200)
    expect(await told('learner', 'enrolled', course)).to.equal(1)
  })

  it('keeps courses to their units, and names what must be completed first', async () => {
    const before = await storeCourse({ title: 'The one before' })
    const course = await storeCourse({ prerequisites: [before._id] })
    const refused = await enrol('manager', course)
    expect([refused.status, refused.json.code]).to.deep.equal([
      409,
      'learning:prerequisites-missing',
    ])
    expect(refused.json.detail).to.include('The one before')
    await enrol('manager', before)
    await program('manager').post(`/learn/${before.activities[0]?.id}/progress`, { done: true })
    expect((await enrol('manager', course)).status).to.equal(201)

    const theirs = await storeCourse({
      enrolment: { rule: 'unit', units: ['highlands-delegation'] },
    })
    expect((await enrol('manager', theirs)).json.code).to.equal('learning:not-for-unit')
    expect((await enrol('elsewhere', theirs)).status).to.equal(201)
    const draft = await storeCourse({ status: 'draft', trainers: [ids.trainer ?? ''] })
    expect((await enrol('manager', draft)).status).to.equal(404)
    expect((await enrol('trainer', draft)).json.code).to.equal('learning:not-published')
  })

  it('says criterion by criterion why a course is or is not complete', async () => {
    const steps = [
      buildStep({ title: 'Read' }),
      buildStep({ title: 'Prove it', kind: 'package', criterion: 'passed' }),
    ]
    const course = await storeCourse({ activities: steps })
    await enrol('manager', course)
    await program('manager').post(`/learn/${steps[0]?.id}/progress`, { done: true, seconds: 125 })
    const { json } = await program('manager').get(`/courses/${course._id}/progress`)
    expect(json).to.include({
      completed: false,
      stepsDone: 1,
      stepsTotal: 2,
      goOn: steps[1]?.id,
      time: 'PT2M5S',
    })
    expect(json.activities[0]).to.deep.include({ status: 'completed', time: 'PT2M5S' })
    expect(json.activities[0].criterion).to.include({
      kind: 'confirmed',
      source: 'learner',
      met: true,
    })
    expect(json.activities[1].criterion).to.include({
      kind: 'passed',
      source: 'content',
      met: false,
    })
    expect(json.why).to.include('Prove it')
    expect(json.items).to.have.length(1)
  })

  it('shows each the progress of those within reach alone', async () => {
    const course = await storeCourse({ trainers: [ids.trainer ?? ''] })
    await enrol('learner', course)
    await enrol('elsewhere', course)
    const seenBy = async (name: string, query = ''): Promise<number> =>
      (await program(name).get(`/courses/${course._id}/progress${query}`)).json.total as number
    expect(await seenBy('trainer')).to.equal(2)
    expect(await seenBy('coordinator')).to.equal(1)
    expect(await seenBy('manager'), 'as line manager').to.equal(1)
    expect(await seenBy('learner'), 'oneself').to.equal(1)
    const of = `?person=${ids.learner}`
    expect(
      (await program('elsewhere').get(`/courses/${course._id}/progress${of}`)).status,
    ).to.equal(404)
    expect((await program('manager').get(`/courses/${course._id}/progress${of}`)).json).to.include({
      own: false,
    })
    expect((await program('manager').get(`/courses/${course._id}/participants`)).status).to.equal(
      403,
    )
  })

  it('counts the people of a coordinator and nobody else, and gives the table as CSV', async () => {
    const course = await storeCourse({ title: '=Formula' })
    await enrol('learner', course)
    await enrol('elsewhere', course)
    const query = `?course=${course._id}`
    const { json } = await program('coordinator').get(`/progress${query}`)
    expect(json.totals).to.include({ enrolled: 1, notStarted: 1, completed: 0 })
    expect(json.items.map(({ person }: { person: { id: string } }) => person.id)).to.deep.equal([
      ids.learner,
    ])
    expect(
      (await program('coordinator').get(`/progress${query}&status=completed`)).json.total,
    ).to.equal(0)
    const table = await program('coordinator').get(`/progress${query}&format=csv`)
    expect(table.headers.get('content-disposition')).to.match(/progress-\d{4}-\d\d-\d\d\.csv/)
    expect(table.text.trim().split('\n')).to.have.length(2)
    expect(table.text).to.include("'=Formula")
    expect((await program('trainer').get('/progress')).status).to.equal(403)
    const all = (await program('coordinator').get('/progress')).json
    const people = await EnrolmentModel.distinct('person', {})
    expect(all.totals.enrolled).to.be.below(people.length * 10)
    expect(all.byUnit.length).to.be.above(1)
  })

  it('gives another attempt once, and the first goes on counting where the best counts', async () => {
    const step = buildStep()
    const course = await storeCourse({
      activities: [step, buildStep()],
      trainers: [ids.trainer ?? ''],
    })
    await enrol('learner', course)
    await program('learner').post(`/learn/${step.id}/progress`, { done: true })
    const path = `${enrolmentPath('learner', course)}/attempts`
    const form = { activity: step.id, number: 1, reason: 'Its pages did not load.' }
    const [first, second] = [
      await program('trainer').post(path, form),
      await program('trainer').post(path, form),
    ]
    expect([first.status, first.json.number]).to.deep.equal([201, 2])
    expect(second.json).to.deep.equal(first.json)
    const { json } = await program('learner').get(`/learn/${step.id}`)
    expect(json).to.include({ attempt: first.json.attempt, done: true })
  })

  it('has pages for every role in each language', async () => {
    const course = await storeCourse({ trainers: [ids.trainer ?? ''] })
    await enrol('learner', course)
    const paths: Record<string, string[]> = {
      learner: [
        '/',
        '/learning',
        `/courses/${course._id}/progress`,
        `/learn/${course.activities[0]?.id}`,
      ],
      manager: ['/', '/progress'],
      coordinator: ['/', '/progress'],
      trainer: [
        '/',
        `/courses/${course._id}/participants`,
        `/courses/${course._id}/progress?person=${ids.learner}`,
      ],
    }
    for (const [name, ofRole] of Object.entries(paths)) {
      for (const path of ofRole) {
        for (const language of ['en', 'fr', 'es']) {
          const { status, text } = await program(name).get(path, {
            ...page,
            'accept-language': language,
          })
          expect(status, `${name} ${path}`).to.equal(200)
          expect(text, path).not.to.match(/learning:[a-z-]+\.[a-z]/)
        }
      }
    }
  })
})
