import { Conflict } from '../../errors.js'
import type { Actor, Id } from '../../kernel/contract.js'
import { makeLetters, withoutLetter } from '../people/letters.js'
import { RowModel, type Import, type Row } from './models.js'

/** As many as a printer takes in one go; each costs a hash. */
const atOnce = 100

/** Makes the next letters for those whom an import created without an address. Throws `Conflict('imports:no-letters')`. */
export async function lettersFor(actor: Actor, given: Import): Promise<Id> {
  const letters = await makeLetters(actor, await waiting(given, atOnce))
  if (!letters) throw new Conflict('imports:no-letters')
  return letters
}

/** How many of those are still without a letter. */
export async function lettersWanted(given: Import): Promise<number> {
  if (given.status !== 'applied') return 0
  return (await waiting(given, given.lines)).length
}

async function waiting({ _id }: Import, limit: number): Promise<Id[]> {
  const rows = await RowModel.find(
    { import: _id, outcome: 'create', 'wanted.email': null, person: { $exists: true } },
    { person: 1 },
  ).lean<Pick<Row, 'person'>[]>()
  const people = rows.flatMap(({ person }) => person ?? [])
  return people.length > 0 ? withoutLetter(people, limit) : []
}
