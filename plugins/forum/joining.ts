import { onePer, type Id } from '#core'
import { ReadingModel, SubscriptionModel, type Reading, type Subscription } from './models.js'

/** `<person>:<what>` as another person's. */
const idFor = ({ _id, person }: { readonly _id: string; readonly person: Id }, other: Id): string =>
  other + _id.slice(person.length)

/** A topic was read as far as one of the accounts has read it. */
export const joinReadings = onePer<Reading>(ReadingModel, {
  idFor,
  both: (kept, lost) => (lost.readAt > kept.readAt ? { readAt: lost.readAt } : {}),
})

export const joinSubscriptions = onePer<Subscription>(SubscriptionModel, { idFor })
