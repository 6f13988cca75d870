import { randomUUID } from 'node:crypto'
import type { QueryFilter } from 'mongoose'
import { z } from 'zod'
import { Conflict, NotFound } from '../../../errors.js'
import type { Actor, Id } from '../../../kernel/contract.js'
import { now } from '../../../platform/clock.js'
import { isDuplicateKey } from '../../../platform/database.js'
import { enqueue, type Job } from '../../../platform/jobs.js'
import { owes, settle } from '../../../platform/owed.js'
import { notify } from '../../notifications/notify.js'
import { personActor } from '../../people/actors.js'
import { audit } from '../../people/audit.js'
import { participantsAmong, stateFilter } from '../finding-people.js'
import { CourseModel, EnrolmentModel, type Course, type Enrolment } from '../models.js'
import { written } from '../notifying.js'
import type { NewMessage } from './forms.js'
import { MessageModel, type Audience, type Message } from './models.js'
import { refuseWhoWritesToNobody, writeToParticipants } from './permission.js'

/** Writes to those who take part in a course, as far as the actor's reach goes. Sent twice, it is one message. */
export async function sendMessage(
  actor: Actor,
  { _id: course, title }: Course,
  { id = randomUUID(), ...said }: NewMessage,
): Promise<{ message: Message; isNew: boolean }> {
  refuseWhoWritesToNobody(actor)
  const message: Message = {
    _id: id,
    course,
    by: actor.person ?? actor.name,
    at: now(),
    ...said,
    revision: 1,
    owed: ['deliver'],
  }
  try {
    await MessageModel.create(message)
  } catch (error) {
    if (!isDuplicateKey(error)) throw error
    return { message: await ownMessage(message), isNew: false }
  }
  await settle(MessageModel, id)
  await audit(actor, 'learning:wrote-to-participants', {
    object: course,
    details: { course: title, subject: said.subject, to: said.to },
  })
  return { message, isNew: true }
}

/** Tells everybody a message is for. Run again, it tells nobody twice. */
export const deliverMessage: Job<{ message: Id }> = {
  id: 'learning:deliver-message',
  payload: z.object({ message: z.string() }),
  async run({ message: id }) {
    const message = await MessageModel.findById(id).lean<Message>()
    const course = message && (await CourseModel.findById(message.course).lean<Course>())
    if (!course) return
    const author = await authorOf(message)
    const told = author ? await tell(author, message, course) : 0
    await MessageModel.updateOne({ _id: id }, { $set: { told } })
  },
}

owes<Message>(MessageModel, {
  deliver: ({ _id }) => enqueue(deliverMessage, { message: _id }, { key: _id }),
})

/** An id that was taken by somebody else's message is refused. */
async function ownMessage({ _id, by, course }: Message): Promise<Message> {
  const message = await MessageModel.findOne({ _id, by, course }).lean<Message>()
  if (!message) throw new Conflict('learning:id-taken')
  return message
}

/** Nobody, where the account was closed meanwhile: then nobody is written to. */
async function authorOf({ by }: Message): Promise<Actor | undefined> {
  try {
    return await personActor(by)
  } catch (error) {
    if (error instanceof NotFound) return undefined
    throw error
  }
}

/** How many were told. */
async function tell(
  author: Actor,
  { _id: key, to, subject, text }: Message,
  course: Course,
): Promise<number> {
  const { _id, title } = course
  const data = { course: _id, title, subject, text, name: author.name }
  let told = 0
  for await (const people of takingPart(course, to)) {
    const reached = await participantsAmong(author, course, {
      people: people.filter((person) => person !== author.person),
      permission: writeToParticipants,
    })
    for (const person of reached) await notify(person, written, { data, key })
    told += reached.length
  }
  return told
}

const batch = 200

/** The people of a course a message is for, some at a time. */
async function* takingPart({ _id: course }: Course, to: Audience): AsyncGenerator<Id[]> {
  const cursor = EnrolmentModel.find({ course, ...audienceFilter(to) }, { person: 1 })
    .sort({ person: 1 })
    .lean<Pick<Enrolment, 'person'>>()
    .cursor({ batchSize: batch })
  let some: Id[] = []
  for await (const { person } of cursor) {
    some.push(person)
    if (some.length < batch) continue
    yield some
    some = []
  }
  if (some.length > 0) yield some
}

function audienceFilter(to: Audience): QueryFilter<Enrolment> {
  if (to === 'everybody') return { status: { $in: ['active', 'completed'] } }
  if (to === 'unfinished') return { status: 'active' }
  return stateFilter(to)
}
