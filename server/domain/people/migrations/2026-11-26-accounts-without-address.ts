import type { Db } from 'mongodb'

const replaced = ['email_1', 'staffNumber_1']

/** Not everybody has an address, and a staff number is unique within an institution: the indexes that said otherwise go. */
export async function up(db: Db): Promise<void> {
  const collection = db.collection('people_persons')
  const there = await db.listCollections({ name: 'people_persons' }).toArray()
  if (there.length === 0) return
  for (const { name, unique, partialFilterExpression: partial } of await collection.indexes()) {
    const outdated = name === 'email_1' ? !partial : unique
    if (name && replaced.includes(name) && outdated) await collection.dropIndex(name)
  }
}
