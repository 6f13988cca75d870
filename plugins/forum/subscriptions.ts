import type { Id } from '#core'
import { SubscriptionModel, type Subscription } from './models.js'

const idOf = (person: Id, subject: Id): string => `${person}:${subject}`

/** Makes a person follow a topic they take part in, unless they chose not to. */
export async function follow(person: Id, subject: Id): Promise<void> {
  await SubscriptionModel.updateOne(
    { _id: idOf(person, subject) },
    { $setOnInsert: { person, subject, active: true } },
    { upsert: true },
  )
}

/** What a person chose about a topic or a forum. */
export async function subscribe(person: Id, subject: Id, active: boolean): Promise<void> {
  await SubscriptionModel.updateOne(
    { _id: idOf(person, subject) },
    { $set: { person, subject, active } },
    { upsert: true },
  )
}

export async function isSubscribed(person: Id, subject: Id): Promise<boolean> {
  const found = await SubscriptionModel.findById(idOf(person, subject)).lean<Subscription>()
  return found?.active ?? false
}

/** Who follows one of these topics or forums, each once. */
export async function followersOf(subjects: readonly Id[]): Promise<Id[]> {
  const found = await SubscriptionModel.find({
    subject: { $in: [...subjects] },
    active: true,
  }).lean<Subscription[]>()
  return [...new Set(found.map(({ person }) => person))]
}

/** Who chose to hear no more of one of these. */
export async function silencedIn(subjects: readonly Id[]): Promise<ReadonlySet<Id>> {
  const found = await SubscriptionModel.find({
    subject: { $in: [...subjects] },
    active: false,
  }).lean<Subscription[]>()
  return new Set(found.map(({ person }) => person))
}
