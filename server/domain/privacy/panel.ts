import type { Panel } from '../../http/shell.js'
import { ownedPerson } from '../organisation/subjects.js'
import { may } from '../people/access.js'
import type { Person } from '../people/people.js'
import { erase } from './erasing.js'

/** On the page of somebody who has left: the way to erase them. */
export const eraseePanel: Panel = {
  place: 'people:profile',
  view: 'privacy:erasee',
  needs: erase,
  order: 90,
  load: ({ actor, subject }) => {
    const person = subject as Person
    const shown = person.status === 'deactivated' && may(actor, erase, ownedPerson(person))
    return Promise.resolve(shown ? { person: person._id } : undefined)
  },
}
