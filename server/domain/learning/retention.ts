import type { Contributions, Id } from '../../kernel/contract.js'
import { talliesChanged } from '../../platform/tallies.js'
import { attemptsOver } from './attempts.js'
import { AnswerSheetModel } from './questions/models.js'
import { questionTally } from './questions/tallying.js'

type Retention = Contributions['retention']

/** Answers question by question. The results of the questions are then those of whoever is left. */
const answerSheets: Retention = {
  id: 'learning:answer-sheets',
  label: 'learning:retention.answer-sheets',
  model: 'learning.AnswerSheet',
  of: 'people',
  defaultMonths: 36,
  minMonths: 1,
  due: async ({ before, owners }) => ({
    person: { $in: owners },
    attempt: { $in: await attemptsOver(owners, before) },
  }),
  remove: removeSheets,
}

/** The inbox of whoever was told keeps what it says. */
const messages: Retention = {
  id: 'learning:messages',
  label: 'learning:retention.messages',
  model: 'learning.Message',
  of: 'people',
  defaultMonths: 24,
  minMonths: 1,
  due: ({ before, owners }) => ({
    by: { $in: owners },
    at: { $lt: before },
    told: { $ne: null },
    owed: null,
  }),
}

/** Levels and certificates rest on them. */
const records: Retention = {
  id: 'learning:records',
  label: 'learning:retention.records',
  lasting: true,
}

/** They show on what other institutions see somebody. */
const consents: Retention = {
  id: 'learning:consents',
  label: 'learning:retention.consents',
  lasting: true,
}

export const learningRetention: readonly Retention[] = [answerSheets, messages, records, consents]

async function removeSheets(ids: readonly Id[]): Promise<void> {
  const sheets = { _id: { $in: [...ids] } }
  const versions = await AnswerSheetModel.distinct('version', sheets)
  await AnswerSheetModel.deleteMany(sheets)
  await talliesChanged(questionTally, versions)
}
