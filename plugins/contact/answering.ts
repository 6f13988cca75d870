import {
  audit,
  Conflict,
  nearestHolders,
  notify,
  now,
  owes,
  peopleNamed,
  settle,
  type Actor,
  type Id,
} from '#core'
import { EnquiryModel, type Enquiry } from './models.js'
import { answered, asked } from './notifying.js'

/** Answers an enquiry, once: the person is told. Throws `contact:already-answered`. */
export async function answerEnquiry(
  actor: Actor,
  { _id, person }: Enquiry,
  text: string,
): Promise<void> {
  const answer = { text, by: actor.person ?? actor.name, at: now() }
  const { modifiedCount } = await EnquiryModel.updateOne(
    { _id, status: 'open' },
    {
      $set: { status: 'answered', answer },
      $addToSet: { owed: 'tell-answer' },
      $inc: { revision: 1 },
    },
  )
  if (modifiedCount === 0) throw new Conflict('contact:already-answered')
  await settle(EnquiryModel, _id)
  await audit(actor, 'contact:answered', { object: person })
}

owes<Enquiry>(EnquiryModel, {
  tell: async ({ _id, person, units }) => {
    const names = await peopleNamed([person])
    const data = { enquiry: _id, name: names.get(person)?.name ?? '' }
    for (const one of await whoHelps(person, units)) await notify(one, asked, { data, key: _id })
  },
  'tell-answer': async ({ _id, person, answer }) => {
    if (!answer) return
    const names = await peopleNamed([answer.by])
    const data = { name: names.get(answer.by)?.name ?? '', text: answer.text }
    await notify(person, answered, { data, key: _id })
  },
})

/** The coordinators nearest to a person; where there are none, the administrators. Nobody helps themselves. */
async function whoHelps(person: Id, units: readonly Id[]): Promise<Id[]> {
  for (const role of ['coordinator', 'administrator'] as const) {
    const holders = await nearestHolders(units, role, { except: person })
    if (holders.length > 0) return holders
  }
  return []
}
