import type { Db } from 'mongodb'
import { likenessOf } from '../likeness.js'

interface Described {
  readonly _id: string
  readonly givenName: string
  readonly familyName: string
  readonly email?: string
  readonly staffNumber?: string
}

/** Accounts that were made before they were compared with others. */
export async function up(db: Db): Promise<void> {
  const people = db.collection<Described>('people_persons')
  const projection = { givenName: 1, familyName: 1, email: 1, staffNumber: 1 }
  for await (const person of people.find({ likeness: { $exists: false } }, { projection })) {
    const set = { likeness: likenessOf(person), uncompared: true }
    await people.updateOne({ _id: person._id }, { $set: set })
  }
}
