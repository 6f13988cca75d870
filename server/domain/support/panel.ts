import type { Panel } from '../../http/shell.js'
import { ownedPerson } from '../organisation/subjects.js'
import { may } from '../people/access.js'
import type { Person } from '../people/people.js'
import { viewAs } from './fitness.js'

/** On the page of a person: the way to look at Palier as they do. */
export const viewPanel: Panel = {
  place: 'people:profile',
  view: 'support:panel',
  needs: viewAs,
  order: 94,
  load: async ({ actor, subject }) => {
    const person = subject as Person
    const fits = person.status === 'active' && person._id !== actor.person && !actor.support
    return fits && may(actor, viewAs, ownedPerson(person)) ? { person: person._id } : undefined
  },
}
