import { findPerson, insertMissing, now, wordsOf, type Seed } from '#core'
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { EnquiryModel, type Enquiry } from './models.js'

const day = 86_400_000

const source = z.array(
  z.strictObject({
    id: z.string(),
    person: z.string(),
    page: z.string().optional(),
    daysAgo: z.int(),
    text: z.string(),
    answer: z.strictObject({ by: z.string(), text: z.string() }).optional(),
  }),
)
type Source = z.infer<typeof source>[number]

/** What people of the demo institution asked. Nobody is told: it was said before. */
export const demoEnquiries: Seed = {
  id: 'contact:demo',
  async run() {
    const file = new URL('./demo-enquiries.json', import.meta.url)
    const asked = source.parse(JSON.parse(readFileSync(file, 'utf8')))
    await insertMissing(EnquiryModel, await Promise.all(asked.map(enquiryFrom)))
  },
}

async function enquiryFrom({ id, person, page, daysAgo, text, answer }: Source): Promise<Enquiry> {
  const { units, name } = await findPerson(person)
  const at = new Date(Number(now()) - daysAgo * day)
  return {
    ...{ _id: id, person, units, text, at },
    ...(page && { page }),
    ...(answer && { answer: { ...answer, at: new Date(Number(at) + day / 2) } }),
    status: answer ? 'answered' : 'open',
    words: wordsOf(text, name),
    revision: 1,
  }
}
