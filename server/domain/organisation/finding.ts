import type { Actor, Id, Name } from '../../kernel/contract.js'
import { wordFilter } from '../../platform/words.js'
import { peopleWhere } from '../people/people.js'
import { visibleTo } from './scope.js'

const mostFound = 1000

/** The people within an actor's reach whom words find: for lists of records that store a person only. */
export async function peopleFound(actor: Actor, permission: Name, q: string): Promise<Id[]> {
  const found = await peopleWhere({
    filter: { $and: [visibleTo(actor, permission), ...(wordFilter(q).$and ?? [])] },
    fields: { _id: 1 },
    limit: mostFound,
  })
  return found.map(({ _id }) => _id)
}
