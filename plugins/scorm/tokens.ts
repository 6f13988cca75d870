import { now, opened, signed, Unauthenticated, type Actor, type Id } from '#core'
import { config } from './config.js'

/** What a player's token opens: one attempt, of one person, from one sign-in. */
export interface Grant {
  readonly attempt: Id
  readonly person: Id
  readonly version: Id
  /** The session it was made in; a program with a Bearer token has none. */
  readonly session?: Id
  /** Nothing is kept of what is done with it. */
  readonly preview?: true
}

const purpose = 'scorm:attempt'

/** Nothing is saved with it, so that nothing is gained by its being short. */
const previewMinutes = 8 * 60

/** The token an actor plays an attempt with, bound to the session it asks from. */
export const tokenFor = (
  actor: Actor,
  {
    attempt,
    person,
    version,
    preview = false,
  }: Omit<Grant, 'session' | 'preview'> & { preview?: boolean },
): string =>
  makeToken({
    attempt,
    person,
    version,
    ...(actor.session && { session: actor.session }),
    ...(preview && { preview }),
  })

/** Makes a token that saves one attempt for a quarter of an hour. The page renews it while the sign-in lasts. */
export function makeToken(grant: Grant): string {
  const minutes = grant.preview ? previewMinutes : config.tokenMinutes
  return signed(purpose, { ...grant, expires: now().getTime() + minutes * 60_000 })
}

/** Reads a token back. Throws `scorm:token-invalid`, or `scorm:token-expired` where another would do. */
export function readToken(token: string): Grant {
  const found = opened(purpose, token) as (Grant & { expires: number }) | undefined
  if (!found) throw new Unauthenticated('scorm:token-invalid')
  const { expires, ...grant } = found
  if (expires < now().getTime()) throw new Unauthenticated('scorm:token-expired')
  return grant
}
