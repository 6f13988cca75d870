import { findPerson, type Id } from '#core'
import { CertificateModel, type Certificate } from './models.js'

/** Some people with a record, for the tests of access. */
export async function someRecorded(): Promise<
  { id: Id; person: Id; units: Id[]; manager: Id | null }[]
> {
  const found = await CertificateModel.find({}).limit(60).lean<Certificate[]>()
  const ids = [...new Set(found.map(({ person }) => person))].slice(0, 6)
  const people = await Promise.all(ids.map(findPerson))
  return people.map(({ _id, units, manager }) => ({
    id: _id,
    person: _id,
    units,
    manager: manager ?? null,
  }))
}
