import { attemptFor, findPackageVersion, findPerson, NotFound, type Id } from '#core'
import { LRUCache } from 'lru-cache'
import type { ScormManifest } from './contract.js'
import type { Learner } from './runtime/seeding.js'

/** Package versions never change, and every commit is judged by one: the latest hundred stay at hand. */
const manifests = new LRUCache<Id, ScormManifest>({ max: 100 })

/** The manifest of a package version, as `inspect` stored it. Throws `NotFound` for another handler's. */
export async function manifestOf(version: Id): Promise<ScormManifest> {
  const known = manifests.get(version)
  if (known) return known
  const { manifest, handler } = await findPackageVersion(version)
  if (handler !== 'scorm:package') throw new NotFound()
  manifests.set(version, manifest as unknown as ScormManifest)
  return manifest as unknown as ScormManifest
}

/** How content is told who learns: an opaque id, and the name as SCORM orders it. */
export async function learnerOf(person: Id): Promise<Learner> {
  const { familyName, givenName } = await findPerson(person)
  return { id: person, name: `${familyName}, ${givenName}` }
}

/** Whether another attempt has been given since, or its package replaced: then nothing more is added to this one. */
export async function attemptEnded(attempt: Id): Promise<boolean> {
  const { status } = await attemptFor(attempt)
  return status !== 'open'
}
