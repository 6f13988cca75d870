import { Invalid } from '../../../errors.js'
import { contentUrlFor } from '../../../http/content-origin.js'
import type { Actor } from '../../../kernel/contract.js'
import { now } from '../../../platform/clock.js'
import { databaseClock } from '../../../platform/database.js'
import { translator } from '../../../platform/i18n.js'
import { tryMail } from '../../../platform/mail.js'
import { findPerson } from '../../people/people.js'
import { InstitutionSettingsModel } from './models.js'
import { ownInstitution } from './settings.js'

/** Sends a mail to the actor's own address, and keeps what the server answered. Throws `Invalid('organisation:no-own-address')`. */
export async function mailOneself(actor: Actor): Promise<void> {
  const { _id } = await ownInstitution(actor)
  const { email, language } = await findPerson(actor.person ?? '')
  if (!email) throw new Invalid('organisation:no-own-address')
  const t = translator(language)
  const answer = await tryMail({
    to: email,
    subject: t('organisation:checks.mail-subject'),
    text: t('organisation:checks.mail-text'),
  })
  const mailTrial = { at: now(), ...answer }
  await InstitutionSettingsModel.updateOne({ _id }, { $set: { mailTrial } }, { upsert: true })
}

/** What the probe's address carries in place of a package. */
export const probeVersion = 'probe'

/** The address of the page by which a browser sees whether it reaches the content host. */
export function probeAddress({ person = '' }: Actor): string {
  return `${contentUrlFor({ person, version: probeVersion, hash: '' }).base}/probe`
}

/** What time it is on the server and in the database, and how many milliseconds the database is ahead. */
export async function clocks(): Promise<{ server: Date; database: Date; ahead: number }> {
  const { at, ahead } = await databaseClock()
  return { server: now(), database: at, ahead }
}
