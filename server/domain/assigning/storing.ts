import type { Id } from '../../kernel/contract.js'
import { isDuplicateKey } from '../../platform/database.js'
import { ObligationModel, type Obligation } from './models.js'
import type { Worked } from './obligation-rules.js'

/**
 * Keeps what was worked out, on the revision it was worked out from, and owes what follows; also where nothing changed
 * and the enrolment still has to. Returns whether there is something to follow. Whoever was faster had newer facts.
 */
export async function storeObligation(
  worked: Worked,
  before: Obligation | undefined,
  isOutstanding: boolean,
): Promise<boolean> {
  const _id = obligationId(worked.person, worked.course)
  if (!before) return insert({ _id, ...worked, revision: 1, owed: ['apply'] })
  if (sameAs(worked, before) && !isOutstanding) return false
  const gone = optional.filter((field) => worked[field] === undefined)
  const { modifiedCount } = await ObligationModel.updateOne(
    { _id, revision: before.revision },
    {
      $set: { ...worked, ...((isOutstanding || isFelt(worked, before)) && { owed: ['apply'] }) },
      $unset: Object.fromEntries(gone.map((field) => [field, 1])),
      $inc: { revision: 1 },
    },
  )
  return modifiedCount === 1
}

/** What an obligation may be without. */
const optional = [
  'given',
  'completedAt',
  'dueAt',
  'wakeAt',
  'openedAt',
  'remindAt',
  'remindedOn',
  'asked',
  'exemption',
] as const satisfies readonly (keyof Worked)[]

async function insert(obligation: Obligation): Promise<boolean> {
  try {
    await ObligationModel.create(obligation)
    return true
  } catch (error) {
    if (isDuplicateKey(error)) return false
    throw error
  }
}

/** Where somebody stands, and who asks, may change without the enrolment having to. */
const isFelt = (worked: Worked, before: Obligation): boolean =>
  Boolean(before.owed) ||
  (['status', 'cycle', 'dueAt', 'openedAt'] as const).some(
    (field) => said(worked[field]) !== said(before[field]),
  )

const sameAs = (worked: Worked, before: Obligation): boolean =>
  fieldsOf(worked) === fieldsOf(before)

const fieldsOf = (one: Worked): string =>
  JSON.stringify(
    [
      one.status,
      one.cycle,
      one.units,
      one.manager,
      ...optional.map((field) => one[field] ?? null),
    ].concat(
      one.sources.map(({ assignment, arrivedAt }) => `${assignment} ${arrivedAt.toISOString()}`),
    ),
  )

const said = (value: unknown): string | undefined => JSON.stringify(value)

/** The id of what a person owes of a course. */
export const obligationId = (person: Id, course: Id): Id => `${person}|${course}`
