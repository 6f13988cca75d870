import type { Panel } from '../../http/shell.js'
import { ownedPerson } from '../organisation/subjects.js'
import { may } from '../people/access.js'
import { peopleNamed, type Person } from '../people/people.js'
import { manage } from './merging.js'
import { pairsWith } from './pairs.js'

/** On the page of a person: the account that it was merged into, or those that may be of the same person. */
export const samePersonPanel: Panel = {
  place: 'people:profile',
  view: 'merging:same-person',
  needs: manage,
  order: 95,
  async load({ actor, subject }) {
    const person = subject as Person
    if (!may(actor, manage, ownedPerson(person))) return undefined
    if (person.mergedInto) {
      const into = (await peopleNamed([person.mergedInto])).get(person.mergedInto)
      return { person: person._id, into, pairs: [] }
    }
    const pairs = (await pairsWith(actor, person._id)).map(({ people: [kept, lost] }) => ({
      name: (kept._id === person._id ? lost : kept).name,
      href: `/people/${lost._id}/merge?into=${kept._id}`,
    }))
    return { person: person._id, into: null, pairs }
  },
}
