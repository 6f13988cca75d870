import { readDemo } from '../../../content/demo/demo.js'
import { now } from '../../platform/clock.js'
import type { Invented } from '../../platform/seeds.js'
import { systemActor } from '../people/access.js'
import { createPeople } from '../people/people.js'
import { PlacementModel, UnitModel, type Unit } from './models.js'
import { placeSilently } from './placing.js'
import { unitUnder } from './units.js'

/** As many as IMSS has. */
const delegations = 35

/** In which delegation an invented person works. */
export const delegationOf = ({ number }: Pick<Invented, 'number'>): string =>
  `crowd-delegation-${(number % delegations) + 1}`

/** Invented people in delegations of their own below the demo institution. They cannot sign in. */
export async function addCrowd(people: readonly Invented[]): Promise<void> {
  if (people[0]?.number === 0) await addDelegations()
  const { people: named } = readDemo()
  const nameAt = (at: number) => named[at % named.length]
  await createPeople(
    systemActor('demo'),
    people.map(({ id, number }) => ({
      id,
      status: 'active' as const,
      givenName: nameAt(number)?.givenName ?? '',
      familyName: `${nameAt(Math.floor(number / named.length))?.familyName} ${number}`,
      email: `${id}@demo.palier`,
      staffNumber: id.toUpperCase(),
      language: nameAt(number)?.language ?? 'en',
    })),
  )
  const since = new Date(Number(now()) - 400 * 86_400_000)
  await PlacementModel.bulkWrite(
    people.map((one) => ({
      updateOne: {
        filter: { _id: `crowd:${one.id}` },
        update: {
          $setOnInsert: { person: one.id, unit: delegationOf(one), from: since, to: null },
        },
        upsert: true,
      },
    })),
  )
  await placeSilently(people.map(({ id }) => id))
}

async function addDelegations(): Promise<void> {
  const root = await UnitModel.findOne({ parent: null }).lean<Unit>()
  const wanted = Array.from({ length: delegations }, (_, number) =>
    unitUnder(root ?? undefined, {
      id: delegationOf({ number }),
      kind: 'delegation',
      name: `Delegation ${number + 1}`,
    }),
  )
  const known = await UnitModel.find({ _id: { $in: wanted.map(({ _id }) => _id) } }).lean<Unit[]>()
  const there = new Set(known.map(({ _id }) => _id))
  await UnitModel.insertMany(wanted.filter(({ _id }) => !there.has(_id)))
}
