import {
  Conflict,
  coursesNamed,
  insertMissing,
  NotFound,
  notify,
  owes,
  settle,
  type Actor,
  type Events,
  type Id,
  type NotificationKind,
} from '#core'
import { randomUUID } from 'node:crypto'
import { handIn, isIn } from './batches.js'
import { SheetModel, type Sheet } from './models.js'
import { isOn } from './settings.js'
import type { Answer } from './sheet.js'

/** Somebody who completed a course is asked what they thought of it. */
export const asked: NotificationKind<{ readonly sheet: Id; readonly title: string }> = {
  id: 'evaluation:asked',
  mail: 'digest',
  present: ({ sheet, title }, t) => ({
    title: t('evaluation:asked.title', { title }),
    body: t('evaluation:asked.body'),
    href: addressOfSheet(sheet),
    icon: 'chat-square-text',
  }),
}

/** Where a sheet is answered. */
export const addressOfSheet = (sheet: Id): string =>
  `/evaluation-sheets/${encodeURIComponent(sheet)}`

/** Asks whoever completed a course. Told of a completion twice, it asks once. */
export async function askAbout({
  person,
  course,
  completion,
  cycle,
}: Events['learning:completed']): Promise<void> {
  if (!(await isOn(course))) return
  const sheet: Sheet = {
    _id: completion,
    ...{ person, course, cycle },
    isAnswered: false,
    revision: 1,
    owed: ['tell'],
  }
  await insertMissing(SheetModel, [sheet])
  await settle(SheetModel, completion)
}

/** An actor's own sheet. Throws `NotFound`. */
export async function findSheet(actor: Actor, id: Id): Promise<Sheet> {
  const sheet = await SheetModel.findById(id).lean<Sheet>()
  if (!sheet || sheet.person !== actor.person) throw new NotFound()
  return sheet
}

/** The sheet about a course that a person has not answered yet, that of the latest cycle. */
export const openSheet = (person: Id, course: Id): Promise<Sheet | null> =>
  SheetModel.findOne({ person, course, isAnswered: false }).sort({ cycle: -1 }).lean<Sheet>().exec()

/** How many were asked about a course. */
export const countAsked = (course: Id): Promise<number> => SheetModel.countDocuments({ course })

/** A few sheets of different people, for the access test. */
export const someSheets = (): Promise<Sheet[]> =>
  SheetModel.find({}).sort({ _id: 1 }).limit(6).lean<Sheet[]>().exec()

/**
 * Takes what somebody answers, once. Throws `Conflict('evaluation:already-answered')` afterwards, and
 * `evaluation:turned-off` while nobody is asked about the course.
 *
 * The ballot makes it once without a transaction: it is drawn before the answer is handed in and forgotten after, so that
 * whatever a crash leaves is done again under the same one.
 */
export async function answer({ _id, course }: Sheet, given: Answer): Promise<void> {
  if (!(await isOn(course))) throw new Conflict('evaluation:turned-off')
  await handIn(course, await ballotOf(_id), given)
  await forgetBallot(_id)
  await settle(SheetModel, _id)
}

owes<Sheet>(SheetModel, {
  tell: async ({ _id, person, course }) => {
    const title = (await coursesNamed([course])).get(course)?.title
    if (title) await notify(person, asked, { data: { sheet: _id, title }, key: _id })
  },
  forget: async ({ _id, ballot }) => {
    if (ballot && (await isIn(ballot))) await forgetBallot(_id)
  },
})

async function ballotOf(_id: Id): Promise<Id> {
  await SheetModel.updateOne(
    { _id, isAnswered: false, ballot: null },
    { $set: { ballot: randomUUID() }, $addToSet: { owed: 'forget' }, $inc: { revision: 1 } },
  )
  const sheet = await SheetModel.findById(_id, { ballot: 1 }).lean<Pick<Sheet, 'ballot'>>()
  if (!sheet?.ballot) throw new Conflict('evaluation:already-answered')
  return sheet.ballot
}

const forgetBallot = (_id: Id) =>
  SheetModel.updateOne({ _id }, { $set: { isAnswered: true }, $unset: { ballot: 1 } })
