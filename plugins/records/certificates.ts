import { randomInt } from 'node:crypto'
import {
  findPerson,
  insertMissing,
  NotFound,
  now,
  unitsNamed,
  visiblePeople,
  withdrawnSince,
  type Actor,
  type Completion,
  type Id,
  type Name,
} from '#core'
import { CertificateModel, type Certificate } from './models.js'

/** To read the training record of others. */
export const readRecords: Name = 'records:read'

/** Crockford's alphabet: nothing in it is mistaken for anything else when it is read out. */
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const length = 12

/** A certificate with the name on it, and what whoever looks may do. */
export interface Seen {
  readonly certificate: Certificate
  readonly name: string
  /** Where the person belongs: whoever issued it. */
  readonly institution: string
  readonly isOwn: boolean
  /** When it was said that the completion counts no more. */
  readonly withdrawnAt: Date | undefined
}

/** The certificates of some completions of one person; those never issued are issued now, once. */
export async function certificatesFor(
  completions: readonly Completion[],
): Promise<Map<Id, Certificate>> {
  const found = await readAll(completions)
  const missing = completions.filter(({ _id }) => !found.has(_id))
  if (missing.length === 0) return found
  await insertMissing(CertificateModel, missing.map(issued))
  return readAll(completions)
}

/** A certificate by its number: for its owner, for whoever reads the owner's record, and for anybody once it is public. */
export async function findCertificate(
  actor: Actor | undefined,
  number: string,
  language: string,
): Promise<Seen> {
  const certificate = await CertificateModel.findById(normal(number)).lean<Certificate>()
  if (!certificate) throw new NotFound()
  const { person, isPublic } = certificate
  const isOwn = actor?.person === person
  const isSeen = isPublic || isOwn || (actor !== undefined && (await mayRead(actor, person)))
  if (!isSeen) throw new NotFound()
  const { name, institution = '' } = await findPerson(person)
  const [names, withdrawn] = await Promise.all([
    unitsNamed([institution], language),
    withdrawnSince([certificate.completion]),
  ])
  const withdrawnAt = withdrawn.get(certificate.completion)
  return { certificate, name, institution: names.get(institution) ?? '', isOwn, withdrawnAt }
}

/** Lets anybody who has the number see that it is true, or no longer. Only its owner says so. */
export async function publish(actor: Actor, number: string, isPublic: boolean): Promise<void> {
  const { matchedCount } = await CertificateModel.updateOne(
    { _id: normal(number), person: actor.person ?? '' },
    { $set: { isPublic } },
  )
  if (matchedCount === 0) throw new NotFound()
}

/** Whether somebody may read the training record of a person: one's own, and within one's scope. */
export const mayRead = async (actor: Actor, person: Id): Promise<boolean> =>
  actor.person === person || (await visiblePeople(actor, readRecords, [person])).length > 0

async function readAll(completions: readonly Completion[]): Promise<Map<Id, Certificate>> {
  const filter = { completion: { $in: completions.map(({ _id }) => _id) } }
  const found = await CertificateModel.find(filter).lean<Certificate[]>()
  return new Map(found.map((certificate) => [certificate.completion, certificate]))
}

const issued = ({ _id, person, course, title, at, seconds }: Completion): Certificate => ({
  _id: newNumber(),
  completion: _id,
  ...{ person, course, title, at, seconds },
  issuedAt: now(),
  isPublic: false,
})

function newNumber(): string {
  const drawn = Array.from({ length }, () => letters[randomInt(letters.length)])
  return (drawn.join('').match(/.{4}/g) ?? []).join('-')
}

/** As it is printed, however it was typed. */
const normal = (number: string): string =>
  (
    number
      .toUpperCase()
      .replace(/O/g, '0')
      .replace(/[IL]/g, '1')
      .match(/[0-9A-Z]/g) ?? []
  )
    .join('')
    .replace(/(.{4})(?=.)/g, '$1-')
