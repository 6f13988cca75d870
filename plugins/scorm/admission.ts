import { audit, isSessionOpen, NotFound, systemActor, Unauthenticated, type Id } from '#core'
import { readToken, type Grant } from './tokens.js'

/**
 * What a token lets its bearer do with an attempt. Throws `Unauthenticated` where the token or the sign-in it was made
 * in has ended, and `NotFound` for any other attempt, as for one that never was.
 */
export async function admit({ token, attempt }: { token: string; attempt: Id }): Promise<Grant> {
  const grant = readToken(token)
  if (grant.attempt !== attempt) throw await foreign(grant, attempt)
  if (grant.session && !(await isSessionOpen(grant.session))) {
    throw new Unauthenticated('scorm:signed-out')
  }
  return grant
}

async function foreign(grant: Grant, attempt: Id): Promise<NotFound> {
  const details = { person: grant.person, own: grant.attempt }
  await audit(systemActor('scorm'), 'scorm:foreign-attempt', { object: attempt, details })
  return new NotFound()
}
