import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { AuditModel } from '../../../server/domain/people/audit-models.js'
import { AttemptModel } from '../../../server/domain/learning/models.js'
import { now } from '../../../server/platform/clock.js'
import { withDemo, type Program, type TestApp } from '../../support/app.js'

const outcomes = [{ competency: 'managerial:customer-service', level: 3 }]

describe('a trainer', function () {
  this.timeout(180_000)
  let palier: TestApp
  let trainer: Program
  let learner: Program

  before(async () => {
    palier = await withDemo()
    ;[trainer, learner] = await Promise.all([
      palier.as('trainer@demo.palier'),
      palier.as('learner@demo.palier'),
    ])
  })

  const begin = async (more: object = {}): Promise<string> => {
    const form = { title: 'At the counter', language: 'en', summary: 'For all.', outcomes, ...more }
    const { status, json } = await trainer.post('/courses', form)
    expect(status).to.equal(201)
    return json.id as string
  }
  const addPage = async (course: string, more: object = {}): Promise<string> => {
    const form = { kind: 'page', title: 'Read this', text: '# Well', ...more }
    const { status, json } = await trainer.post(`/courses/${course}/activities`, form)
    expect(status).to.equal(201)
    return json.id as string
  }
  const titles = async (course: string): Promise<string[]> =>
    (await trainer.get(`/courses/${course}`)).json.activities.map(
      ({ title }: { title: string }) => title,
    )
  const codes = (json: { errors?: { path: string; code: string }[] }): string[] =>
    (json.errors ?? []).map(({ path, code }) => `${path} ${code}`)

  it('begins a course once, however often the form is sent, and nobody else sees the draft', async () => {
    const form = { id: randomUUID(), title: 'Once', language: 'fr', outcomes }
    expect((await trainer.post('/courses', form)).status).to.equal(201)
    expect((await trainer.post('/courses', form)).status).to.equal(200)
    const { json } = await trainer.get(`/courses/${form.id}`)
    expect(json).to.deep.include({ status: 'draft', version: 0, language: 'fr', writes: true })
    expect(json.outcomes[0]).to.include({ ...outcomes[0], title: 'Customer service' })
    expect((await learner.get(`/courses/${form.id}`)).status).to.equal(404)
    expect((await learner.post('/courses', form)).status).to.equal(403)
  })

  it('names competencies, levels, courses and people that are there', async () => {
    const odd = await trainer.post('/courses', {
      title: 'Odd',
      language: 'en',
      outcomes: [{ competency: 'managerial:juggling', level: 3 }],
    })
    expect(odd.status).to.equal(422)
    expect(odd.json.code).to.equal('learning:no-such-competency')
    const course = await begin()
    const path = `/courses/${course}`
    const level = await trainer.patch(path, { outcomes: [{ ...outcomes[0], level: 6 }] })
    expect(codes(level.json)).to.deep.equal(['outcomes.0.level core:field-too-big'])
    const wrong = await trainer.patch(path, {
      prerequisites: ['nowhere'],
      trainers: ['emil-johansson'],
      enrolment: { rule: 'unit', units: [] },
    })
    expect(codes(wrong.json)).to.deep.equal([
      'prerequisites learning:no-such-course',
      'enrolment learning:no-unit-chosen',
      'trainers learning:no-such-trainer',
    ])
    const next = await begin()
    await trainer.patch(path, { prerequisites: [next] })
    const circle = await trainer.patch(`/courses/${next}`, { prerequisites: [course] })
    expect(circle.json.code).to.equal('learning:prerequisites-circle')
  })

  it('publishes a course that has something to do, and each change of it is a version', async () => {
    const course = await begin()
    const publish = () => trainer.post(`/courses/${course}/publish`)
    expect((await publish()).json.code).to.equal('learning:no-activities')
    const optional = await addPage(course, { required: false })
    expect((await publish()).json.code).to.equal('learning:nothing-required')
    await trainer.patch(`/activities/${optional}`, { required: true })
    expect((await publish()).json).to.include({ status: 'published', version: 1 })
    expect((await publish()).json, 'again').to.include({ version: 1 })
    expect((await learner.get(`/courses/${course}`)).status).to.equal(200)
    await addPage(course)
    expect((await trainer.get(`/courses/${course}`)).json.version).to.equal(2)
    await trainer.patch(`/courses/${course}`, { summary: 'Other words' })
    expect((await trainer.get(`/courses/${course}`)).json.version).to.equal(2)
    const log = await AuditModel.find({ object: course }).lean<{ action: string }[]>()
    expect(log.map(({ action }) => action)).to.include.members([
      'learning:course-created',
      'learning:activity-added',
      'learning:course-published',
      'learning:course-changed',
    ])
  })

  it('puts steps in order, and changes what each one wants', async () => {
    const course = await begin()
    const first = await addPage(course, { title: 'One' })
    const second = await addPage(course, { title: 'Two' })
    await addPage(course, { title: 'Three' })
    await trainer.post(`/activities/${second}/move`, { direction: 'up' })
    expect(await titles(course)).to.deep.equal(['Two', 'One', 'Three'])
    await trainer.post(`/activities/${second}/move`, { direction: 'up' })
    await trainer.post(`/activities/${first}/move`, { direction: 'down' })
    expect(await titles(course)).to.deep.equal(['Two', 'Three', 'One'])
    const change = { title: 'Last', minutes: 12, criterion: 'viewed' }
    const changed = await trainer.patch(`/activities/${first}`, change)
    expect(changed.json.activity).to.include(change)
    expect((await trainer.get(`/courses/${course}`)).json.minutes).to.equal(12)
    const unfit = await trainer.patch(`/activities/${first}`, { criterion: 'passed' })
    expect(codes(unfit.json)).to.deep.equal(['criterion learning:criterion-unfit'])
    expect((await learner.get(`/activities/${first}`)).status).to.equal(404)
  })

  it('removes a step for good, but keeps it for those who had begun it', async () => {
    const course = await begin()
    const [kept, begun, gone] = [
      await addPage(course, { title: 'Kept' }),
      await addPage(course, { title: 'Begun' }),
      await addPage(course, { title: 'Gone' }),
    ]
    await AttemptModel.create({
      ...{ _id: randomUUID(), person: 'emil', course, activity: begun, enrolment: 'emil|x' },
      ...{ cycle: 1, number: 1, status: 'open', openedAt: now() },
    })
    for (const id of [begun, gone]) await trainer.post(`/activities/${id}/remove`)
    expect(await titles(course)).to.deep.equal(['Kept'])
    expect((await trainer.get(`/activities/${begun}`)).json.activity.retired).to.equal(true)
    expect((await trainer.get(`/activities/${gone}`)).status).to.equal(404)
    await trainer.post(`/courses/${course}/publish`)
    const last = await trainer.post(`/activities/${kept}/remove`)
    expect([last.status, last.json.code]).to.deep.equal([422, 'learning:last-step'])
  })

  it('takes a course out of the catalogue for those who are not enrolled in it', async () => {
    const course = await begin()
    expect((await trainer.post(`/courses/${course}/withdraw`)).status).to.equal(409)
    await addPage(course)
    await trainer.post(`/courses/${course}/publish`)
    await learner.post(`/courses/${course}/enrolments`)
    await trainer.post(`/courses/${course}/withdraw`)
    const manager = await palier.as('manager@demo.palier')
    expect((await manager.get(`/courses/${course}`)).status).to.equal(404)
    expect((await learner.get(`/courses/${course}`)).json.status).to.equal('archived')
  })

  it('sends the editor as a form, and what was typed comes back where it was refused', async () => {
    const course = await begin()
    const form = new URLSearchParams([
      ['title', 'A new title'],
      ['outcomes[0][competency]', 'managerial:decision-making'],
      ['outcomes[0][level]', '2'],
      ['outcomes[1][competency]', ''],
      ['outcomes[1][level]', '3'],
      ['keywords[]', 'queue, , counter '],
      ['prerequisites[]', ''],
      ['enrolment[rule]', 'unit'],
      ['enrolment[units][]', ''],
      ['enrolment[units][]', 'coast-delegation'],
    ])
    const send = (body: URLSearchParams) =>
      trainer.send('POST', `/courses/${course}?_method=patch`, body.toString(), {
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'text/html',
      })
    expect((await send(form)).status).to.equal(303)
    const { json } = await trainer.get(`/courses/${course}`)
    expect(json).to.deep.include({ title: 'A new title', keywords: ['queue', 'counter'] })
    expect(json.outcomes).to.have.length(1)
    expect(json.enrolment.units.map(({ id }: { id: string }) => id)).to.deep.equal([
      'coast-delegation',
    ])
    form.set('title', 'Typed in vain')
    form.set('outcomes[0][competency]', 'managerial:juggling')
    const refused = await send(form)
    expect(refused.status).to.equal(422)
    expect(refused.text).to.include('Typed in vain').and.to.include('managerial:juggling')
  })

  it('offers files and videos, the latter only with a transcript', async () => {
    const course = await begin()
    const send = (fields: Record<string, string>, name: string, bytes: string) => {
      const form = new FormData()
      for (const [key, value] of Object.entries(fields)) form.set(key, value)
      form.set('file', new Blob([Buffer.from(bytes, 'latin1')]), name)
      return trainer.send('POST', `/courses/${course}/activities`, form, {
        accept: 'application/json',
      })
    }
    const file = await send({ kind: 'file' }, 'Guide à lire.pdf', '%PDF-1.7')
    expect(file.json.activity).to.deep.include({
      title: 'Guide à lire.pdf',
      criterion: 'viewed',
      file: { name: 'Guide à lire.pdf', size: 8, type: 'application/pdf' },
    })
    const mp4 = '\0\0\0\x20ftypisom\0\0\0\0'
    const silent = await send({ kind: 'video', title: 'Film' }, 'film.mp4', mp4)
    expect(codes(silent.json)).to.deep.equal(['transcript core:field-required'])
    const spoken = { kind: 'video', title: 'Film', transcript: 'She opens the door.' }
    expect((await send(spoken, 'film.mp4', mp4)).status).to.equal(201)
    expect((await send(spoken, 'film.mp4', 'MZ program')).json.code).to.equal(
      'learning:not-a-video',
    )
    expect((await send({ kind: 'file' }, 'run.php', '<?php')).json.code).to.equal(
      'learning:file-kind-refused',
    )
  })
})
