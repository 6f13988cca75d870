import { z } from 'zod'
import type { Id } from '../../kernel/contract.js'
import { translator } from '../../platform/i18n.js'
import { enqueue, type Job } from '../../platform/jobs.js'
import { deliverMail } from '../../platform/mail.js'
import { makeLink } from './links.js'
import type { Person } from './models.js'
import { findPerson, personByEmail } from './people.js'

const wanted = z.discriminatedUnion('purpose', [
  z.object({ purpose: z.literal('reset'), email: z.string(), key: z.string() }),
  z.object({ purpose: z.literal('invitation'), person: z.string(), key: z.string() }),
])

/** Makes a link and mails it in one go, so that no queue ever holds it. Nobody is written to at an unknown address. */
export const sendLink: Job<z.infer<typeof wanted>> = {
  id: 'people:send-link',
  payload: wanted,
  async run(mail) {
    const person =
      mail.purpose === 'reset' ? await personByEmail(mail.email) : await findPerson(mail.person)
    const due = mail.purpose === 'reset' ? 'active' : 'invited'
    if (person?.status === due) await deliver(person, mail)
  },
}

/** Has a link to choose a new password mailed, if the address is somebody's. Answers the same in either case. */
export async function askReset(email: string, requestId: string): Promise<void> {
  await enqueue(sendLink, { purpose: 'reset', email, key: requestId }, { key: requestId })
}

/** Has a link to set up the account mailed. The same `key` is one mail. */
export async function invite(person: Id, key: string): Promise<void> {
  await enqueue(sendLink, { purpose: 'invitation', person, key }, { key })
}

async function deliver(
  { _id, email, name, language }: Person,
  { purpose, key }: z.infer<typeof wanted>,
): Promise<void> {
  if (!email) return
  const t = translator(language)
  const link = await makeLink(purpose, _id)
  await deliverMail.run({
    to: email,
    subject: t(`people:mail.${purpose}-subject`),
    text: t(`people:mail.${purpose}-text`, { name, link }),
    key: `${purpose}-${key}`,
  })
}
