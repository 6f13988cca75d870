import {
  Conflict,
  findPerson,
  isDuplicateKey,
  NotFound,
  now,
  settle,
  TooMany,
  wordsOf,
  type Actor,
  type Id,
} from '#core'
import { randomUUID } from 'node:crypto'
import type { NewEnquiry } from './forms.js'
import { EnquiryModel, type Enquiry } from './models.js'

const day = 86_400_000
const mostADay = 20

/** Writes to whoever coordinates the actor's unit. Sent twice, it is one enquiry. Throws `contact:too-many`. */
export async function ask(
  actor: Actor,
  { id = randomUUID(), text, page, request }: NewEnquiry,
): Promise<{ enquiry: Enquiry; isNew: boolean }> {
  if (!actor.person) throw new NotFound()
  const { _id: person, units } = await findPerson(actor.person)
  if (!(await EnquiryModel.exists({ _id: id }))) await refuseTooMany(person)
  const enquiry: Enquiry = {
    ...{ _id: id, person, units, text },
    ...(page && { page }),
    ...(request && { request }),
    status: 'open',
    at: now(),
    words: wordsOf(text, actor.name),
    revision: 1,
    owed: ['tell'],
  }
  try {
    await EnquiryModel.create(enquiry)
  } catch (error) {
    if (!isDuplicateKey(error)) throw error
    return { enquiry: await sentBefore(enquiry), isNew: false }
  }
  await settle(EnquiryModel, id)
  return { enquiry, isNew: true }
}

const mostOwn = 20

/** What a person asked last. */
export const ownEnquiries = (person: Id): Promise<Enquiry[]> =>
  EnquiryModel.find({ person }).sort({ at: -1, _id: 1 }).limit(mostOwn).lean<Enquiry[]>().exec()

/** Nobody who needs help asks so often; a broken program might. */
async function refuseTooMany(person: Id): Promise<void> {
  const since = new Date(Number(now()) - day)
  const asked = await EnquiryModel.countDocuments({ person, at: { $gt: since } })
  if (asked >= mostADay) throw new TooMany('contact:too-many')
}

/** An id that was taken by somebody else's enquiry is refused. */
async function sentBefore({ _id, person }: Enquiry): Promise<Enquiry> {
  const enquiry = await EnquiryModel.findOne({ _id, person }).lean<Enquiry>()
  if (!enquiry) throw new Conflict('contact:id-taken')
  return enquiry
}
