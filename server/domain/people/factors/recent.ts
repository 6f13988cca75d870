import { Forbidden } from '../../../errors.js'
import type { Actor } from '../../../kernel/contract.js'
import { now } from '../../../platform/clock.js'
import { SessionModel } from '../models.js'
import { requirePassword } from '../own-account.js'
import { findPerson } from '../people.js'

const minutes = 60_000
/** How long a password typed stands for whoever sits at the screen. */
const recently = 10 * minutes

/** Whether the actor's session has seen the password within ten minutes. A token never has. */
export async function isRecent({ session }: Actor): Promise<boolean> {
  if (!session) return false
  const since = new Date(Number(now()) - recently)
  const seen = { _id: session, 'session.confirmedAt': { $gt: since } }
  return (await SessionModel.exists(seen)) !== null
}

/** Throws `Forbidden('people:password-first')` unless the session has seen the password within ten minutes. */
export async function requireRecent(actor: Actor): Promise<void> {
  if (!(await isRecent(actor))) throw new Forbidden('people:password-first')
}

/** Shows the password again. Counted like a sign-in. Throws `Invalid('people:wrong-password')`. */
export async function confirmPassword(actor: Actor, password: string): Promise<void> {
  if (!actor.session || !actor.person) throw new Forbidden('people:password-first')
  await requirePassword(await findPerson(actor.person), password)
  await SessionModel.updateOne({ _id: actor.session }, { $set: { 'session.confirmedAt': now() } })
}
