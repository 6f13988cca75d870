import type { Model, QueryFilter } from 'mongoose'
import type { Id } from '../../kernel/contract.js'
import { isDuplicateKey } from '../../platform/database.js'
import type { Accounts, Joining } from './contract.js'

interface OnePer<T> {
  /** The id that a record has as another person's; that person's by default. */
  idFor?(record: T, person: Id): string
  /** What of the kept account's record changes where both have one; nothing by default. Changed twice, it is the same. */
  both?(kept: T, lost: T): Partial<T>
  /** What follows, once all are the kept account's. */
  after?(accounts: Accounts, moved: readonly T[]): Promise<void>
}

/** Joins records of which a person has one, or one of each subject, as their `_id` says. */
export function onePer<T extends { readonly _id: string }>(
  model: Model<T>,
  { idFor = (_, person) => person, both, after }: OnePer<T> = {},
): Joining {
  const hasField = Boolean(model.schema.path('person'))
  const ownOf = (person: Id): Promise<T[]> =>
    model.find((hasField ? { person } : { _id: person }) as QueryFilter<T>).lean<T[]>()

  const joinOne = async (record: T, { kept }: Accounts): Promise<void> => {
    const _id = idFor(record, kept)
    const before = await model.findById(_id).lean<T>()
    if (before) await change(model, before, both?.(before, record))
    else await insert(model, { ...record, _id, ...(hasField && { person: kept }) })
    await model.deleteOne({ _id: record._id } as QueryFilter<T>)
  }

  return {
    async count({ kept, lost }) {
      const records = await ownOf(lost)
      const ids = records.map((record) => idFor(record, kept))
      const joined = await model.countDocuments({ _id: { $in: ids } } as QueryFilter<T>)
      return { moved: records.length - joined, joined }
    },
    async join(accounts) {
      const records = await ownOf(accounts.lost)
      for (const record of records) await joinOne(record, accounts)
      await after?.(accounts, records)
    },
  }
}

/** As an update on the revision, if there is one, so that whoever read it before starts again. */
async function change<T extends { readonly _id: string }>(
  model: Model<T>,
  { _id, ...record }: T,
  set: Partial<T> | undefined,
): Promise<void> {
  if (!set || Object.keys(set).length === 0) return
  const raised = 'revision' in record && { $inc: { revision: 1 } }
  await model.updateOne({ _id } as QueryFilter<T>, { $set: set, ...raised } as object)
}

async function insert<T extends { readonly _id: string }>(
  model: Model<T>,
  record: T,
): Promise<void> {
  try {
    await model.collection.insertOne(record as never)
  } catch (error) {
    if (!isDuplicateKey(error)) throw error
  }
}
