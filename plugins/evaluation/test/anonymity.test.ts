import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { EnrolmentModel, type Course } from '../../../server/domain/learning/models.js'
import { AuditModel } from '../../../server/domain/people/audit-models.js'
import { definedModels } from '../../../server/platform/database.js'
import { deliverDue } from '../../../server/platform/outbox.js'
import { sweepAll } from '../../../server/platform/owed.js'
import { withDemo, type Program } from '../../../test/support/app.js'
import { idOf } from '../../../test/server/learning/support/taking.js'
import { answer } from '../asking.js'
import { handIn } from '../batches.js'
import { BatchModel, SheetModel, type Batch, type Sheet } from '../models.js'
import {
  answerAsSomebody,
  buildAnswer,
  sheetOfSomebody,
  taughtCourse,
} from './support/answering.js'

describe('answers to the evaluation sheet', function () {
  this.timeout(300_000)
  let manager: Program
  let trainer: Program
  let person: string

  before(async () => {
    const palier = await withDemo()
    manager = await palier.as('manager@demo.palier')
    trainer = await palier.as('trainer@demo.palier')
    person = await idOf('manager')
  })

  const results = async ({ _id }: Course) => (await trainer.get(`/courses/${_id}/evaluation`)).json

  it('shows nothing under five answers, and then moves five at a time', async () => {
    const course = await taughtCourse()
    const seen = async () => {
      const { answers, items, remarks, asked } = await results(course)
      return { answers, mean: items[0]?.mean, remarks: remarks[0].count, asked }
    }
    for (let at = 1; at <= 4; at += 1)
      await answerAsSomebody(course, 5, { useful: `Part ${5 - at}` })
    expect(await seen()).to.deep.equal({ answers: 0, mean: undefined, remarks: 0, asked: 4 })
    await answerAsSomebody(course, 5, { useful: 'The examples' })
    expect(await seen()).to.deep.equal({ answers: 5, mean: 5, remarks: 5, asked: 5 })
    for (let at = 1; at <= 4; at += 1) await answerAsSomebody(course, 1, { useful: 'Nothing' })
    expect(await seen()).to.deep.equal({ answers: 5, mean: 5, remarks: 5, asked: 9 })
    await answerAsSomebody(course, 1)
    expect(await seen()).to.deep.equal({ answers: 10, mean: 3, remarks: 9, asked: 10 })
    const { items, share } = await results(course)
    expect(share).to.equal(1)
    expect(items[0].given.map(({ count }: { count: number }) => count)).to.deep.equal([
      5, 0, 0, 0, 5,
    ])
    const batches = await BatchModel.find({ course: course._id }).lean<Batch[]>()
    for (const { remarks: kept } of batches)
      expect(kept?.useful).to.deep.equal(kept?.useful.toSorted())
    const { items: written } = (await trainer.get(`/courses/${course._id}/evaluation/remarks`)).json
    const texts = written.map(({ text }: { text: string }) => text)
    expect(texts).to.deep.equal(texts.toSorted()).and.to.have.length(9)
    const csv = (await trainer.get(`/courses/${course._id}/evaluation?format=csv`)).text
    expect(csv).to.include('What I learned is relevant to my work.,10,3,5,0,0,0,5')
  })

  it('counts five at once however many come together', async () => {
    const course = await taughtCourse()
    const sheets = await Promise.all(Array.from({ length: 12 }, () => sheetOfSomebody(course)))
    await Promise.all(sheets.map((sheet) => answer(sheet, buildAnswer(4))))
    const batches = await BatchModel.find({ course: course._id }).lean<Batch[]>()
    expect(batches.map(({ ballots }) => ballots.length).sort()).to.deep.equal([2, 5, 5])
    expect((await results(course)).answers).to.equal(10)
  })

  it('keeps nothing that joins an answer to who gave it', async () => {
    const course = await taughtCourse()
    await manager.post(`/courses/${course._id}/enrolments`)
    await manager.post(`/learn/${course.activities[0]?.id ?? ''}/progress`, { done: true })
    await deliverDue()
    const sheet = `${person}|${course._id}|1`
    const own = 'The rules on leave, which I alone ask about'
    await answerAsSomebody(course, 2)
    const before = await EnrolmentModel.findById(`${person}|${course._id}`).lean()
    const agreeing = { relevance: 5, clarity: 4, length: 3, exercises: 2, ease: 1, recommend: 5 }
    const form = { ...agreeing, useful: own }
    const path = `/evaluation-sheets/${encodeURIComponent(sheet)}/answers`
    expect((await manager.post(path, form)).status).to.equal(204)
    for (const mark of [1, 3] as const) await answerAsSomebody(course, mark)
    await sweepAll()

    const [open] = await BatchModel.find({ course: course._id }).lean<Batch[]>()
    const keys = open?.waiting?.map(({ key }) => key) ?? []
    expect(keys).to.have.length(4).and.to.deep.equal(keys.toSorted())
    expect(open?.ballots).to.deep.equal(open?.ballots.toSorted())
    for (const ballot of open?.ballots ?? []) expect(keys).not.to.include(ballot)
    expect(await EnrolmentModel.findById(`${person}|${course._id}`).lean()).to.deep.equal(before)

    await answerAsSomebody(course, 4)
    const stored = await everything()
    const withAnswer = stored.filter((text) => text.includes(own))
    expect(withAnswer).to.have.length(1)
    expect(withAnswer[0]).not.to.include(person)
    const [batch] = await BatchModel.find({ course: course._id }).lean<Batch[]>()
    expect(batch).to.have.all.keys(
      ...['_id', 'course', 'isOpen', 'ballots', 'marks', 'remarks', 'revision'],
    )
    for (const ballot of batch?.ballots ?? [])
      expect(stored.filter((text) => text.includes(ballot))).to.have.length(1)
    const sheets = await SheetModel.find({ course: course._id }).lean<Sheet[]>()
    for (const one of sheets)
      expect(one).to.have.all.keys(
        ...['_id', 'person', 'course', 'cycle', 'isAnswered', 'revision'],
      )
    expect(new Set(sheets.map(({ revision }) => revision)).size).to.equal(1)
    expect(
      sheets.some((one) => Object.values(one).some((value) => value instanceof Date)),
    ).to.equal(false)
    expect(await AuditModel.exists({ object: sheet })).to.equal(null)
  })

  it('takes an answer once where a crash came between its steps', async () => {
    const course = await taughtCourse()
    const sheet = await sheetOfSomebody(course)
    const ballot = randomUUID()
    await SheetModel.updateOne({ _id: sheet._id }, { $set: { ballot, owed: ['forget'] } })
    await handIn(course._id, ballot, buildAnswer(5))
    await sweepAll()
    const after = await SheetModel.findById(sheet._id).lean<Sheet>()
    expect(after).to.include({ isAnswered: true }).and.not.to.have.any.keys('ballot', 'owed')

    const other = await sheetOfSomebody(course)
    const drawn = randomUUID()
    await SheetModel.updateOne({ _id: other._id }, { $set: { ballot: drawn } })
    await handIn(course._id, drawn, buildAnswer(5))
    await answer(other, buildAnswer(1))
    const [batch] = await BatchModel.find({ course: course._id }).lean<Batch[]>()
    expect(batch?.waiting?.map(({ marks }) => marks.ease)).to.deep.equal([5, 5])
  })

  it('is handed in once under a ballot, also after its batch was counted', async () => {
    const course = await taughtCourse()
    const ballots = Array.from({ length: 5 }, () => randomUUID())
    for (const ballot of ballots) await handIn(course._id, ballot, buildAnswer(3))
    await handIn(course._id, ballots[2] ?? '', buildAnswer(1))
    const batches = await BatchModel.find({ course: course._id }).lean<Batch[]>()
    expect(batches).to.have.length(1)
    expect(batches[0]).to.include({ isOpen: false })
  })
})

/** Every stored document as text. */
async function everything(): Promise<string[]> {
  const all = [...definedModels().values()].map((model) => model.find({}).lean<object[]>().exec())
  return (await Promise.all(all)).flat().map((document) => JSON.stringify(document))
}
