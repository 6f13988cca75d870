import { isDuplicateKey, owes, settle, type Id } from '#core'
import { randomUUID } from 'node:crypto'
import { countedFrom, type Counted } from './counting.js'
import { BatchModel, type Batch } from './models.js'
import type { Answer } from './sheet.js'

/** How many answers are shown together, and by how many what is shown moves: none stands out of fewer. */
export const batchSize = 5

/**
 * Hands in an answer about a course. It is there once however often its ballot comes, and in one write with the ballot,
 * which says that it is in the batch and not which one it is.
 */
export async function handIn(course: Id, ballot: Id, answer: Answer): Promise<void> {
  for (;;) {
    const batch = await addToOpen(course, ballot, answer)
    if (batch) return settle(BatchModel, batch)
    if (await isIn(ballot)) return
    await settleOpen(course)
  }
}

/** Whether the answer of a ballot was handed in. */
export const isIn = async (ballot: Id): Promise<boolean> =>
  Boolean(await BatchModel.exists({ ballots: ballot }))

/** The full batches of a course, counted. */
export const countedBatches = (course: Id): Promise<Counted[]> =>
  BatchModel.find({ course, isOpen: false }, { marks: 1, remarks: 1 }).lean<Counted[]>().exec()

owes<Batch>(BatchModel, {
  count: async ({ _id, waiting = [] }) => {
    if (waiting.length < batchSize) return
    await BatchModel.updateOne(
      { _id, isOpen: true },
      { $set: { isOpen: false, ...countedFrom(waiting) }, $unset: { waiting: 1 } },
    )
  },
})

/** Answers nothing where the ballot was there already, or the open batch is full and not yet counted. */
async function addToOpen(course: Id, ballot: Id, answer: Answer): Promise<Id | undefined> {
  const waiting = { key: randomUUID(), ...answer }
  try {
    const batch = await BatchModel.findOneAndUpdate(
      {
        course,
        isOpen: true,
        ballots: { $ne: ballot },
        [`ballots.${batchSize - 1}`]: { $exists: false },
      },
      {
        $setOnInsert: { _id: randomUUID() },
        $push: {
          ballots: { $each: [ballot], $sort: 1 },
          waiting: { $each: [waiting], $sort: { key: 1 } },
        },
        $set: { owed: ['count'] },
        $inc: { revision: 1 },
      },
      { upsert: true, returnDocument: 'after', projection: { _id: 1 }, setDefaultsOnInsert: false },
    ).lean<Pick<Batch, '_id'>>()
    return batch?._id
  } catch (error) {
    if (isDuplicateKey(error)) return undefined
    throw error
  }
}

/** Counts what whoever filled it was stopped from counting. */
async function settleOpen(course: Id): Promise<void> {
  const open = await BatchModel.findOne({ course, isOpen: true }, { _id: 1 }).lean<
    Pick<Batch, '_id'>
  >()
  if (open) await settle(BatchModel, open._id)
}
