import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { AwardModel, BadgeModel } from '../../../plugins/badges/models.js'
import { PostModel as ForumPostModel, ReadingModel } from '../../../plugins/forum/models.js'
import { AssignmentModel, ObligationModel } from '../../../server/domain/assigning/models.js'
import { EvidenceModel, LevelModel } from '../../../server/domain/competencies/models.js'
import {
  CompletionModel,
  CourseModel,
  EnrolmentModel,
} from '../../../server/domain/learning/models.js'
import { MergeModel, type Figure } from '../../../server/domain/merging/models.js'
import { NotificationModel, PreferenceModel } from '../../../server/domain/notifications/models.js'
import { PlacementModel, PostModel } from '../../../server/domain/organisation/models.js'
import { PersonModel } from '../../../server/domain/people/models.js'
import { createToken } from '../../../server/domain/people/tokens.js'
import { kinds, modelOf, within } from '../../../server/domain/privacy/records.js'
import type { Id } from '../../../server/kernel/contract.js'
import { contributions } from '../../../server/kernel/plugins.js'
import { now } from '../../../server/platform/clock.js'
import { deliverDue } from '../../../server/platform/outbox.js'
import { withDemo, type Program, type TestApp } from '../../support/app.js'
import { eventually } from '../learning/support/taking.js'
import { attemptsOf, begins, judged, takesPart, twins, twoSteps } from './support/twins.js'

const competency = 'digital:information'

describe('two accounts of one person', function () {
  this.timeout(180_000)
  let palier: TestApp
  let admin: Program
  let kept: Id
  let lost: Id

  before(async () => {
    palier = await withDemo()
    admin = await palier.as('admin@demo.palier')
  })
  beforeEach(async () => {
    ;({ kept, lost } = await twins())
  })

  const merge = (by = admin, into = kept, from = lost) => by.post(`/people/${from}/merge`, { into })
  const dryRun = async (by = admin) => (await by.get(`/people/${lost}/merge?into=${kept}`)).json
  const accountOf = async (id: Id): Promise<string> =>
    (await PersonModel.findById(id).lean())?.email ?? ''

  describe('become one', () => {
    it('with all that is kept of either, as the dry run said, which changes nothing itself', async () => {
      const [course, other] = [await twoSteps(), await twoSteps()]
      await takesPart(lost, course, 2)
      await takesPart(kept, course, 1)
      await takesPart(lost, other, 1)
      await judged(lost, competency, 3)
      await createToken(await accountOf(lost))
      await eventually(async () => (await EnrolmentModel.countDocuments({ person: lost })) === 2)
      await deliverDue()

      const before = await everything()
      const { other: planned } = await dryRun()
      expect(await everything()).to.deep.equal(before)
      expect(planned.refused).to.equal(null)
      const figure = (name: string): Figure | undefined =>
        planned.figures.find(({ label }: Figure) => label.endsWith(`.${name}`))
      expect(figure('enrolment')).to.include({ moved: 1, joined: 1 })
      expect(figure('attempt')).to.include({ moved: 3 })
      expect(figure('completion')).to.include({ moved: 1 })
      expect(figure('token')).to.include({ dropped: 1 })

      const has = await counted(kept)
      expect((await merge()).status).to.equal(200)
      const now = await counted(kept)
      for (const [label, { moved = 0 }] of new Map<string, Figure>(
        planned.figures.map((one: Figure) => [one.label, one]),
      )) {
        if (['merging', 'notifications'].includes(label.split(':')[0] ?? '')) continue
        expect((now.get(label) ?? 0) - (has.get(label) ?? 0), label).to.be.at.least(moved)
      }
      for (const rule of contributions('personalData')) {
        if (rule.onMerge === 'keep') continue
        const left = await modelOf(rule).countDocuments({ [rule.path]: lost })
        expect(left, `${rule.model} ${rule.path}`).to.equal(0)
      }
    })

    it('once, however often it is asked for, in the log of both and told to the person', async () => {
      expect((await merge()).status).to.equal(200)
      const done = await MergeModel.findById(lost).lean()
      expect(done?.doneAt).to.be.instanceOf(Date)
      expect(done).not.to.have.property('owed')
      const again = await merge()
      expect([again.status, again.json.code]).to.deep.equal([409, 'people:merged'])
      const log = (await admin.get('/admin/audit')).json.items
      const told = log.filter(({ action }: { action: string }) => action.startsWith('merging:'))
      expect(told.filter((line: { object: string }) => line.object === kept)).to.have.length(1)
      expect(told.filter((line: { object: string }) => line.object === lost)).to.have.length(1)
      const inbox = { person: kept, kind: 'merging:merged' } as const
      expect(await NotificationModel.countDocuments(inbox)).to.equal(1)
    })
  })

  describe('of one course', () => {
    it('stand as the one that was further along, with the attempts of both', async () => {
      const course = await twoSteps()
      await takesPart(kept, course, 1)
      await takesPart(lost, course, 2)
      await merge()
      const enrolment = await EnrolmentModel.findById(`${kept}|${course._id}`).lean()
      expect(enrolment).to.include({ status: 'completed', person: kept, cycle: 2 })
      expect(enrolment).not.to.have.property('joining')
      expect(await attemptsOf(kept, course)).to.have.length(3)
      const [completion] = await CompletionModel.find({ person: kept, course: course._id }).lean()
      expect(completion).to.include({ enrolment: `${kept}|${course._id}`, cycle: 2 })
      const counts = await CourseModel.findById(course._id).lean()
      expect(counts).to.include({ enrolled: 1, completed: 1 })
    })

    it('keep each completion, and the evidence and corrections that stand on it', async () => {
      const course = await twoSteps({ outcomes: [{ competency, level: 4 }] })
      for (const one of [kept, lost]) await takesPart(one, course, 2)
      await merge()
      const completions = await CompletionModel.find({ person: kept }).sort({ cycle: 1 }).lean()
      expect(completions.map(({ cycle }) => cycle)).to.deep.equal([1, 2])
      const evidence = await EvidenceModel.find({ person: kept, competency }).lean()
      expect(evidence.map(({ sourceId }) => sourceId)).to.have.members(
        completions.map(({ _id }) => _id),
      )
      const corrected = await admin.post(
        `/enrolments/${encodeURIComponent(`${kept}|${course._id}`)}/corrections`,
        { id: randomUUID(), cycle: 2, verdict: 'does-not-count', reason: 'The wrong account.' },
      )
      expect(corrected.status, corrected.text).to.be.below(400)
    })

    it('are completed where each account did one of two steps', async () => {
      const course = await twoSteps()
      await takesPart(kept, course, 1)
      await takesPart(lost, { ...course, activities: course.activities.slice(1) }, 1)
      expect(await CompletionModel.countDocuments({ course: course._id })).to.equal(0)
      await merge()
      expect(await CompletionModel.countDocuments({ person: kept, course: course._id })).to.equal(1)
    })

    it('go on with the attempt that was worked on last', async () => {
      const course = await twoSteps()
      const attempts = [await begins(lost, course, 0), await begins(kept, course, 0)]
      await merge()
      const found = await attemptsOf(kept, course)
      expect(found.map(({ status }) => status)).to.deep.equal(['ended', 'open'])
      expect(found.at(-1)?._id).to.equal(attempts[1])
      expect(new Set(found.map(({ number }) => number)).size).to.equal(2)
    })
  })

  describe('as one person', () => {
    it('stand at the level that the evidence of both supports', async () => {
      await judged(kept, competency, 2)
      await judged(lost, competency, 4)
      await merge()
      const levels = await LevelModel.find({ person: { $in: [kept, lost] }, competency }).lean()
      expect(levels.map(({ person, level }) => ({ person, level }))).to.deep.equal([
        { person: kept, level: 4 },
      ])
    })

    it('have earned a badge once, on the earlier day', async () => {
      const badge = (await BadgeModel.findOne({}).lean())?._id ?? ''
      const days = { [kept]: new Date('2026-03-01'), [lost]: new Date('2026-02-01') }
      for (const [person, at] of Object.entries(days))
        await AwardModel.create({ _id: `${person}:${badge}`, person, badge, at, revision: 1 })
      await merge()
      const awards = await AwardModel.find({ person: { $in: [kept, lost] }, badge }).lean()
      expect(awards).to.have.length(1)
      expect(awards[0]).to.deep.include({ person: kept, at: days[lost] })
    })

    it('hold the posts of both, and belong where the account that stays did', async () => {
      const [post] = await PostModel.find({ units: 'coast-delegation' }).limit(1).lean()
      const year = 365 * 86_400_000
      const ago = (years: number) => new Date(Number(now()) - years * year)
      const held = { person: lost, as: 'deputy', from: ago(3), to: ago(1) }
      const too = { person: kept, as: 'deputy', from: ago(2), to: ago(0.5) }
      await PostModel.updateOne(
        { _id: post?._id ?? '' },
        { $push: { holders: { $each: [held, too] } } },
      )
      await merge()
      const { holders = [] } = (await PostModel.findById(post?._id).lean()) ?? {}
      const own = holders.filter(({ person }) => person === kept)
      expect(own).to.have.length(1)
      expect([own[0]?.from, own[0]?.to]).to.deep.equal([held.from, too.to])
      expect(holders.some(({ person }) => person === lost)).to.equal(false)
      const places = await PlacementModel.find({ person: kept, to: null }).lean()
      expect(places).to.have.length(1)
    })

    it('owe a course once, whichever account it was assigned to', async () => {
      const course = await twoSteps()
      for (const person of [kept, lost])
        await admin.post(`/people/${person}/assignments`, { course: course._id })
      expect(await ObligationModel.countDocuments({ course: course._id })).to.equal(2)
      await merge()
      await deliverDue()
      const owed = await ObligationModel.find({ course: course._id }).lean()
      expect(owed).to.have.length(1)
      expect(owed[0]).to.include({ person: kept, status: 'open' })
      expect(owed[0]?.sources).to.have.length(2)
      const audiences = await AssignmentModel.find({ course: course._id }).lean()
      for (const { audience } of audiences) expect(audience.people).to.deep.equal([kept])
    })

    it('have written what either wrote, and read what either read', async () => {
      const topic = 'conges-ete-guichet'
      const post = { topic, author: lost, at: now(), text: 'From the other account.', revision: 1 }
      const id = randomUUID()
      await ForumPostModel.create({ _id: id, ...post })
      const readings = { [kept]: new Date('2026-01-01'), [lost]: new Date('2026-02-01') }
      for (const [person, readAt] of Object.entries(readings))
        await ReadingModel.create({ _id: `${person}:${topic}`, person, readAt })
      await merge()
      expect((await ForumPostModel.findById(id).lean())?.author).to.equal(kept)
      const found = await ReadingModel.find({ person: { $in: [kept, lost] } }).lean()
      expect(found.map(({ readAt }) => readAt)).to.deep.equal([readings[lost]])
    })

    it('have one inbox, and what the account that stays chose goes first', async () => {
      await PreferenceModel.create({ _id: kept, mail: { 'badges:awarded': 'never' } })
      const mail = { 'badges:awarded': 'digest', 'learning:completed': 'never' } as const
      await PreferenceModel.create({ _id: lost, mail })
      const course = await twoSteps()
      await takesPart(lost, course, 2)
      await merge()
      expect((await PreferenceModel.findById(kept).lean())?.mail).to.deep.equal({
        'badges:awarded': 'never',
        'learning:completed': 'never',
      })
      const unread = await NotificationModel.countDocuments({ person: kept, unread: true })
      expect((await PersonModel.findById(kept).lean())?.unread).to.equal(unread)
      expect(unread).to.be.above(1)
    })
  })

  const everything = async (): Promise<unknown[]> =>
    Promise.all(
      kinds()
        .filter(({ model }) => !['people.Session', 'people.Token'].includes(model))
        .map(async (kind) => [
          kind.model,
          await modelOf(kind)
            .find({ $or: [within(kind, kept), within(kind, lost)] })
            .lean(),
        ]),
    )
  const counted = async (person: Id): Promise<Map<string, number>> =>
    new Map(
      await Promise.all(
        kinds().map(async (kind): Promise<[string, number]> => [
          kind.label,
          await modelOf(kind).countDocuments(within(kind, person)),
        ]),
      ),
    )
})
