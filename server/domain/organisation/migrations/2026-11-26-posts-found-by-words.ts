import type { Db } from 'mongodb'
import { wordsOf } from '../../../platform/words.js'

interface Titled {
  readonly _id: string
  readonly title: string
  readonly titles?: Readonly<Record<string, string>>
}

/** Posts that were made before they could be searched. */
export async function up(db: Db): Promise<void> {
  const posts = db.collection<Titled>('organisation_posts')
  const found = posts.find({ words: { $exists: false } }, { projection: { title: 1, titles: 1 } })
  for await (const { _id, title, titles = {} } of found)
    await posts.updateOne({ _id }, { $set: { words: wordsOf(title, ...Object.values(titles)) } })
}
