import type { Id } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { announce } from '../../platform/outbox.js'
import { owes } from '../../platform/owed.js'
import type { Job } from '../../platform/jobs.js'
import { peopleWhere, writePlaces, type Person, type PersonPlace } from '../people/people.js'
import { forgetGrants } from '../people/sessions.js'
import './contract.js'
import { inCharge } from './holding.js'
import { PlacementModel, PostModel, type Holder, type Placement, type Post } from './models.js'
import { placesOf } from './positions.js'

const day = 86_400_000
const batch = 500
const toldAtOnce = 200

/** Writes where these people belong today, and tells who moved. */
export async function placePeople(ids: readonly Id[]): Promise<void> {
  await announceMoved(await placeSilently(ids))
}

/**
 * Writes where these people belong today, and has sessions work out anew what whoever is concerned may do. Returns who
 * moved, so that it can be told. An account that was merged into another stays where it was.
 */
export async function placeSilently(ids: readonly Id[]): Promise<Id[]> {
  const people = await peopleWhere({
    filter: { _id: { $in: [...new Set(ids)] }, mergedInto: null as never },
    fields: { unit: 1, units: 1, institution: 1, manager: 1 },
  })
  const places = await placesOf(people.map(({ _id }) => _id))
  const moved = people.flatMap((person) => {
    const place = places.get(person._id)
    return place && !isThere(person, place) ? [{ person, place }] : []
  })
  await writePlaces(new Map(moved.map(({ person, place }) => [person._id, place])))
  const concerned = moved.flatMap(({ person, place }) => [
    person._id,
    person.manager,
    place.manager,
  ])
  await forgetGrants([...new Set(concerned)].filter((id) => typeof id === 'string'))
  return moved.map(({ person }) => person._id)
}

/** Tells that people came, left or moved, under a key that is new each time unless one is given. */
export async function announceMoved(people: readonly Id[], key?: string): Promise<void> {
  for (let from = 0; from < people.length; from += toldAtOnce) {
    const some = people.slice(from, from + toldAtOnce)
    const told = key ?? `${some[0]}|${now().toISOString()}`
    await announce('organisation:moved', { people: some }, { key: from ? `${told}|${from}` : told })
  }
}

/** Follows the dates of posts and placements: those that came in the last two days. */
export const followDates: Job = {
  id: 'organisation:follow-dates',
  every: '10 minutes',
  async run() {
    const at = now()
    const came = { $gt: new Date(Number(at) - 2 * day), $lte: at }
    const [posts, placements] = await Promise.all([
      PostModel.find({
        $or: [{ 'holders.from': came }, { 'holders.to': came }, { reportsSince: came }],
      }).lean<Post[]>(),
      PlacementModel.find({ $or: [{ from: came }, { to: came }] }).lean<Placement[]>(),
    ])
    await placePeople([...(await peopleAround(posts)), ...placements.map(({ person }) => person)])
    for (const { _id, holders } of posts) {
      for (const holder of holders) await announceTurn(_id, holder, came)
    }
  },
}

/** Works out anew where everybody belongs: what a long standstill missed is mended within a day. */
export const placeEverybody: Job = {
  id: 'organisation:place-everybody',
  dailyAt: '03:10',
  async run() {
    let after = ''
    for (;;) {
      const people = await peopleWhere({
        filter: { _id: { $gt: after } },
        sort: { _id: 1 },
        limit: batch,
        fields: { _id: 1 },
      })
      if (people.length === 0) return
      await placePeople(people.map(({ _id }) => _id))
      after = people.at(-1)?._id ?? ''
    }
  },
}

owes(PostModel, {
  place: async (post) => {
    await placePeople(await peopleAround([post]))
    const holders = [...new Set(post.holders.map(({ person }) => person))]
    await announceMoved(holders, `${post._id}|${post.revision}`)
  },
})

/** A post changes hands within one unit too: whom that concerns is told of once, however often it is looked at. */
async function announceTurn(
  post: Id,
  { person, from, to }: Holder,
  came: { readonly $gt: Date; readonly $lte: Date },
): Promise<void> {
  const turn = [to, from].find((date) => date && date > came.$gt && date <= came.$lte)
  if (turn) await announceMoved([person], `${post}|${person}|${turn.toISOString()}`)
}

/** Everybody a change of these posts may move: their own people, those of the posts below, and of theirs while vacant. */
export async function peopleAround(posts: readonly Post[]): Promise<Id[]> {
  const at = now()
  const people = new Set(posts.flatMap(({ holders }) => holders.map(({ person }) => person)))
  const seen = new Set(posts.map(({ _id }) => _id))
  let storey = posts
  while (storey.length > 0) {
    const below = await PostModel.find({
      reportsTo: { $in: storey.map(({ _id }) => _id) },
    }).lean<Post[]>()
    for (const { holders } of below) for (const { person } of holders) people.add(person)
    storey = below.filter((one) => !seen.has(one._id) && !inCharge(one, at))
    for (const { _id } of storey) seen.add(_id)
  }
  return [...people]
}

const isThere = (person: Person, place: PersonPlace): boolean =>
  (person.unit ?? null) === place.unit &&
  (person.institution ?? null) === place.institution &&
  (person.manager ?? null) === place.manager &&
  person.units.join() === place.units.join()
