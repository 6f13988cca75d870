import { systemActor } from '../people/access.js'
import { useLink } from '../people/links.js'
import { hashPassword } from '../people/passwords/passwords.js'
import { requireAcceptableFirst } from '../people/passwords/rules.js'
import { createPerson, findPerson, type Person } from '../people/people.js'
import { grantRole } from '../people/roles.js'
import { placeIn } from './directory.js'
import { createUnit } from './units.js'

export interface Founding {
  readonly institution: string
  readonly givenName: string
  readonly familyName: string
  readonly email: string
  readonly password: string
  readonly language: string
}

/** Uses the printed link up: makes the institution and its first administrator. Throws `NotFound('people:link-used')`. */
export async function foundInstitution(token: string, form: Founding): Promise<Person> {
  const { institution, password, ...person } = form
  const { givenName, familyName, email } = person
  requireAcceptableFirst(password, [`${givenName} ${familyName}`, email, institution])
  const passwordHash = await hashPassword(password)
  await useLink('first-administrator', token)
  const actor = systemActor('palier')
  const unit = await createUnit(actor, { name: institution, kind: 'institution' })
  const { _id } = await createPerson(actor, { ...person, passwordHash })
  await placeIn(_id, unit._id)
  await grantRole(actor, { person: _id, role: 'administrator', unit: unit._id })
  return findPerson(_id)
}
