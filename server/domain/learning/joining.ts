import { isDuplicateKey } from '../../platform/database.js'
import { settle } from '../../platform/owed.js'
import type { Accounts, Joining } from '../people/contract.js'
import { onePer } from '../people/joining.js'
import { enrolmentId, owing } from './enrolments.js'
import { cycleIn, joinedEnrolment } from './joined-enrolment.js'
import {
  AttemptModel,
  CompletionModel,
  EnrolmentModel,
  type Attempt,
  type Completion,
  type Enrolment,
} from './models.js'
import { AnswerSheetModel } from './questions/models.js'

/**
 * Two enrolments in one course become one, and what was attempted and completed in either belongs to it. Attempts and
 * completions keep their ids, by which evidence, certificates and what a package stored know them.
 */
export const joinEnrolments: Joining = {
  async count({ kept, lost }) {
    const enrolments = await enrolmentsOf(lost)
    const ids = enrolments.map(({ course }) => enrolmentId(kept, course))
    const joined = await EnrolmentModel.countDocuments({ _id: { $in: ids } })
    return { moved: enrolments.length - joined, joined }
  },
  async join(accounts) {
    for (const enrolment of await enrolmentsOf(accounts.lost)) await joinOne(enrolment, accounts)
    const joined = { person: accounts.kept, joining: { $exists: true } }
    await EnrolmentModel.updateMany(joined, { $unset: { joining: 1 } })
  },
}

/** The answers that the account which stays gave first are its first answers. */
export const joinSheets = onePer(AnswerSheetModel, {
  idFor: ({ version }, person) => `${person}|${version}`,
})

const enrolmentsOf = (person: string): Promise<Enrolment[]> =>
  EnrolmentModel.find({ person }).lean<Enrolment[]>().exec()

/** The joined enrolment says where the cycles go before any does, so that a crash between two changes nothing of it. */
async function joinOne(lost: Enrolment, accounts: Accounts): Promise<void> {
  const _id = enrolmentId(accounts.kept, lost.course)
  const before = await EnrolmentModel.findById(_id).lean<Enrolment>()
  const joined =
    before?.joining?.from === lost._id
      ? before
      : joinedEnrolment({ _id, person: accounts.kept }, before, lost)
  if (joined !== before) await store(before, joined)
  await moveAttempts(joined, accounts)
  await moveCompletions(joined, accounts)
  await EnrolmentModel.updateOne({ _id }, owing('count', 'tally', 'complete'))
  await EnrolmentModel.deleteOne({ _id: lost._id })
  await settle(EnrolmentModel, _id)
}

async function store(before: Enrolment | null, joined: Enrolment): Promise<void> {
  const { _id, ...fields } = joined
  const { modifiedCount, upsertedCount } = await EnrolmentModel.collection
    .replaceOne({ _id, revision: before?.revision ?? -1 } as never, fields as never, {
      upsert: !before,
    })
    .catch(changedMeanwhile)
  if (modifiedCount + upsertedCount === 0) changedMeanwhile()
}

async function moveAttempts(
  { _id: enrolment, course, joining }: Enrolment,
  { kept, lost }: Accounts,
): Promise<void> {
  if (!joining) return
  const { before, done, top } = joining
  const found = await AttemptModel.find({ person: lost, course })
    .sort({ cycle: 1, number: 1 })
    .lean<Attempt[]>()
  if (top > before + done && before > 0) {
    const unfinished = { person: kept, course, cycle: before }
    const own = await AttemptModel.find(unfinished).sort({ number: 1 }).lean<Attempt[]>()
    for (const attempt of own) await place(attempt, { person: kept, enrolment, cycle: top })
  }
  for (const attempt of found) {
    await place(attempt, { person: kept, enrolment, cycle: cycleIn(joining, attempt.cycle) })
  }
  await continueOne({ person: kept, course, cycle: top })
}

/** Puts an attempt after those that are in a cycle already. */
async function place(
  { _id, person, activity, cycle }: Attempt,
  to: Pick<Attempt, 'person' | 'enrolment' | 'cycle'>,
): Promise<void> {
  const last = await AttemptModel.findOne({ person: to.person, activity, cycle: to.cycle })
    .sort({ number: -1 })
    .lean<Attempt>()
  await AttemptModel.updateOne(
    { _id, person, cycle },
    { $set: { ...to, number: (last?.number ?? 0) + 1 } },
  )
}

/** Of several attempts that are open, the one worked on last goes on, and is the one that opens next time. */
async function continueOne(cycle: Pick<Attempt, 'person' | 'course' | 'cycle'>): Promise<void> {
  const attempts = await AttemptModel.find(cycle).sort({ number: 1 }).lean<Attempt[]>()
  for (const activity of new Set(attempts.map((attempt) => attempt.activity))) {
    const own = attempts.filter((attempt) => attempt.activity === activity)
    const open = own.filter(({ status }) => status === 'open')
    const [goesOn, ...others] = open.toSorted((a, b) => workedOn(b) - workedOn(a))
    if (!goesOn) continue
    const ended = { _id: { $in: others.map(({ _id }) => _id) } }
    if (others.length > 0) await AttemptModel.updateMany(ended, { $set: { status: 'ended' } })
    if (own.at(-1) !== goesOn) await place(goesOn, goesOn)
  }
}

const workedOn = ({ progress, openedAt }: Attempt): number => Number(progress?.savedAt ?? openedAt)

async function moveCompletions(
  { _id: enrolment, course, joining }: Enrolment,
  { kept, lost }: Accounts,
): Promise<void> {
  if (!joining) return
  const found = await CompletionModel.find({ person: lost, course }).lean<Completion[]>()
  for (const { _id, cycle } of found) {
    const to = { person: kept, enrolment, cycle: cycleIn(joining, cycle) }
    await CompletionModel.updateOne({ _id }, { $set: to })
  }
}

/** Whoever was faster has newer facts: the step is done again from those. */
function changedMeanwhile(error?: unknown): never {
  if (error !== undefined && !isDuplicateKey(error)) throw error
  throw new Error('an enrolment changed while it was joined')
}
