import { LRUCache } from 'lru-cache'
import { Unavailable } from '../../../errors.js'
import type { Id } from '../../../kernel/contract.js'
import { insertMissing, isDuplicateKey } from '../../../platform/database.js'
import { talliesChanged } from '../../../platform/tallies.js'
import { attemptFor } from '../attempts.js'
import type { Answer } from '../contract.js'
import { AnswerSheetModel, QuestionModel, type AnswerSheet } from './models.js'
import { questionsIn, withAnswers } from './sheets.js'
import { questionTally } from './tallying.js'

const mostTries = 12

/** Questions that are described, by id: each is once, and met by everybody who comes after. */
const described = new LRUCache<Id, true>({ max: 20_000 })

/**
 * Records what an attempt answered so far, all of it. Durable when it returns; a handler calls it as a step it owes, so
 * that the learner does not wait for it. Said twice, it is the same.
 */
export async function recordAnswers(id: Id, answers: readonly Answer[]): Promise<void> {
  const { version, ...attempt } = await attemptFor(id)
  if (!version || answers.length === 0) return
  for (let tries = 0; tries < mostTries; tries += 1) {
    const before = await AnswerSheetModel.findById(
      `${attempt.person}|${version}`,
    ).lean<AnswerSheet>()
    const after = withAnswers(before, { ...attempt, version }, answers)
    if (after !== before) await describeNew(version, answers)
    if (after === before || (await store(before, after))) {
      // Also where nothing is new: a crash may have come between the sheet and this.
      await talliesChanged(questionTally, [version])
      return
    }
  }
  throw new Unavailable()
}

/** Before the sheet that names them: what a sheet knows is described. */
async function describeNew(version: Id, answers: readonly Answer[]): Promise<void> {
  const unknown = questionsIn(version, answers).filter(({ _id }) => !described.has(_id))
  await insertMissing(QuestionModel, unknown)
  for (const { _id } of unknown) described.set(_id, true)
}

async function store(before: AnswerSheet | null, after: AnswerSheet): Promise<boolean> {
  if (before) {
    const { _id, revision } = before
    const { modifiedCount } = await AnswerSheetModel.updateOne({ _id, revision }, { $set: after })
    return modifiedCount === 1
  }
  try {
    await AnswerSheetModel.create(after)
    return true
  } catch (error) {
    if (isDuplicateKey(error)) return false
    throw error
  }
}
