import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { CourseModel, EnrolmentModel, type Course } from '../../../server/domain/learning/models.js'
import { PackageVersionModel } from '../../../server/domain/learning/package-models.js'
import { tidyPackages } from '../../../server/domain/learning/tidying.js'
import { withDemo, type Program, type TestApp } from '../../support/app.js'
import { needsPlugins } from '../../support/plugins.js'
import { buildStep, idOf, storeCourse } from './support/taking.js'

describe('a course made of another', function () {
  this.timeout(300_000)
  let palier: TestApp
  let trainer: Program

  before(async () => {
    palier = await withDemo()
    trainer = await palier.as('trainer@demo.palier')
  })

  const copyOf = async (id: string): Promise<Course> => {
    const course = await CourseModel.findById(id).lean<Course>()
    if (!course) throw new Error('no copy')
    return course
  }

  it('has all that the other has but its learners, and is a draft of its own', async () => {
    const from = await storeCourse({
      trainers: [await idOf('trainer'), await idOf('etienne.lacroix')],
      summary: 'For the counter',
      attempt: 'last',
      enrolled: 12,
      activities: [buildStep(), buildStep({ retired: true }), buildStep({ title: 'Another' })],
    })
    const form = { id: randomUUID(), title: 'Customer service, next year' }
    const first = await trainer.post(`/courses/${from._id}/copies`, form)
    const second = await trainer.post(`/courses/${from._id}/copies`, form)
    expect([first.status, second.status]).to.deep.equal([201, 200])
    expect(second.json).to.deep.equal(first.json)
    const copy = await copyOf(form.id)
    expect(copy).to.deep.include({
      ...{ title: form.title, status: 'draft', version: 0, copiedFrom: from._id },
      ...{ enrolled: 0, completed: 0, unit: 'ispm', attempt: 'last', summary: 'For the counter' },
      ...{ trainers: from.trainers, outcomes: from.outcomes },
    })
    expect(copy.activities.map(({ title }) => title)).to.deep.equal(['A page', 'Another'])
    const ids = new Set([...from.activities, ...copy.activities].map(({ id }) => id))
    expect(ids.size).to.equal(5)
    expect(copy.words).to.include('next')
    expect(await EnrolmentModel.countDocuments({ course: copy._id })).to.equal(0)
  })

  it('plays the packages of the other, and keeps them when the other gives them up', async function () {
    needsPlugins(this, 'scorm')
    const from = await CourseModel.findOne({ 'activities.kind': 'package' }).lean<Course>()
    const id = randomUUID()
    const title = 'With packages'
    expect((await trainer.post(`/courses/${from?._id}/copies`, { id, title })).status).to.equal(201)
    const [step] = (await copyOf(id)).activities.filter(({ kind }) => kind === 'package')
    const other = from?.activities.find(({ kind }) => kind === 'package')
    const [copied, original] = await Promise.all(
      [step?.version, other?.version].map((version) =>
        PackageVersionModel.findById(version).lean(),
      ),
    )
    expect(copied).to.include({ course: id, activity: step?.id, hash: original?.hash, number: 1 })
    await PackageVersionModel.deleteOne({ _id: original?._id as string })
    await tidyPackages.run(undefined)
    const play = await trainer.get(`/learn/${step?.id}?preview=1`)
    expect(play.status).to.equal(200)
    expect(play.json.launchUrl).to.be.a('string')
  })

  it('is made by those who may write the course, in a unit they write courses for', async () => {
    const from = await storeCourse({ trainers: [await idOf('trainer')] })
    const path = `/courses/${from._id}/copies`
    const title = 'Mine now'
    expect((await (await palier.as('learner@demo.palier')).post(path, { title })).status).to.equal(
      403,
    )
    const linh = await palier.as('linh.tran@demo.palier')
    expect((await linh.post(path, { title })).status).to.equal(403)
    const nowhere = await trainer.post(path, { title, unit: 'no-such-unit' })
    expect([nowhere.status, nowhere.json.code]).to.deep.equal([422, 'organisation:no-such-unit'])
    expect((await trainer.post(path, { title: ' ' })).status).to.equal(422)
    expect(await CourseModel.countDocuments({ copiedFrom: from._id })).to.equal(0)
    const page = await trainer.get(`/courses/${from._id}/copy`, { accept: 'text/html' })
    expect(page.text).to.include(`${from.title} (copy)`)
  })
})
