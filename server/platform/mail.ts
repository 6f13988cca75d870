import { randomUUID } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SendMailOptions, Transporter } from 'nodemailer'
import { z } from 'zod'
import { enqueue, Hopeless, type Job } from './jobs.js'

export interface Mail {
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html?: string | undefined
  /** One-click stop (RFC 8058): an address that ends this kind of mail by a POST. */
  readonly unsubscribe?: string | undefined
}

interface MailSettings {
  readonly smtpUrl: string | undefined
  readonly dataDir: string
  readonly publicUrl: string
}

let settings: MailSettings | undefined
let transport: Transporter | undefined

/** Sets where mail goes: a server, or files in `DATA_DIR/outbox` where none is named. */
export function useMail(given: MailSettings): void {
  settings = given
  transport = undefined
}

/** Loaded by the first mail: a start is shorter without it. */
const nodemailer = () => import('nodemailer')

/** The connections to a mail server. One that is silent holds up other work no longer than this. */
async function connected(url: string): Promise<Transporter> {
  const { createTransport } = await nodemailer()
  return (transport ??= createTransport({ url, ...timeouts(patience) }))
}

/** Ends the connections to the mail server. */
export function closeMail(): void {
  transport?.close()
}

/** Where mail goes, for those who run the machine. */
export const mailGoesTo = (): 'server' | 'files' => (settings?.smtpUrl ? 'server' : 'files')

/** A path of Palier's as a mail must name it, with its host. */
export const absoluteUrl = (path: string): string =>
  new URL(path, settings?.publicUrl ?? 'http://localhost').href

/** Sends a mail at least once, by the queue. The same `key` is one mail, with one Message-ID whatever the tries. */
export async function sendMail(mail: Mail, key: string = randomUUID()): Promise<void> {
  await enqueue(deliverMail, { ...mail, key }, { key })
}

const mailForm = z.object({
  to: z.email(),
  subject: z.string(),
  text: z.string(),
  html: z.string().optional(),
  unsubscribe: z.string().optional(),
  key: z.string(),
})

/** Hands one mail to the server, or keeps it as a file. */
export const deliverMail: Job<z.infer<typeof mailForm>> = {
  id: 'platform:deliver-mail',
  payload: mailForm,
  // A server that is down for a night and a day loses nobody's mail.
  tries: 40,
  async run(mail) {
    const message = messageOf(mail)
    const url = settings?.smtpUrl
    if (url) await (await connected(url)).sendMail(message).catch(refused)
    else await keep(message, mail.key)
  },
}

/** An address that the server does not want for good (RFC 5321 §4.2.1) is not tried again. */
function refused(error: unknown): never {
  const { command, responseCode = 0 } = error as SmtpError
  if (command === 'RCPT TO' && responseCode >= 500) throw new Hopeless(error)
  throw error
}

/** What became of a mail that was tried at once, and the server's own words where it said any. */
export interface MailAnswer {
  readonly outcome: MailOutcome
  readonly said?: string
}

export const mailOutcomes = [
  'accepted',
  'kept-as-file',
  'unknown-host',
  'unreachable',
  'silent',
  'untrusted',
  'account-refused',
  'address-refused',
  'refused',
] as const
export type MailOutcome = (typeof mailOutcomes)[number]

/** How long the server has for a mail that is tried at once, in milliseconds. */
const patience = 10_000

/** Sends a mail at once, past the queue, and tells what the server answered within ten seconds. Never throws. */
export async function tryMail(mail: Mail, limit = patience): Promise<MailAnswer> {
  const message = messageOf({ ...mail, key: randomUUID() })
  if (!settings?.smtpUrl) {
    await keep(message, `try-${randomUUID()}`)
    return { outcome: 'kept-as-file' }
  }
  const { createTransport } = await nodemailer()
  const once = createTransport({ url: settings.smtpUrl, ...timeouts(limit) })
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<MailAnswer>((done) => {
    timer = setTimeout(() => done({ outcome: 'silent' }), limit)
  })
  const answered = once
    .sendMail(message)
    .then(({ response }): MailAnswer => ({ outcome: 'accepted', ...saying(response) }), refusal)
  return Promise.race([answered, late]).finally(() => {
    clearTimeout(timer)
    once.close()
  })
}

const timeouts = (limit: number) => ({
  dnsTimeout: limit,
  connectionTimeout: limit,
  greetingTimeout: limit,
  socketTimeout: limit,
})

const outcomes: Readonly<Record<string, MailOutcome>> = {
  EDNS: 'unknown-host',
  ENOTFOUND: 'unknown-host',
  ECONNECTION: 'unreachable',
  ECONNREFUSED: 'unreachable',
  ESOCKET: 'unreachable',
  ETIMEDOUT: 'silent',
  ETLS: 'untrusted',
  EAUTH: 'account-refused',
  ENOAUTH: 'account-refused',
  EENVELOPE: 'address-refused',
}

function refusal(error: unknown): MailAnswer {
  const { code = '', cause, response, message } = error as SmtpError
  const outcome = /certificate|self.signed|altname/i.test(`${message} ${cause?.code ?? ''}`)
    ? 'untrusted'
    : outcomes[code]
  return { outcome: outcome ?? 'refused', ...saying(response) }
}

interface SmtpError {
  readonly code?: string
  readonly cause?: { readonly code?: string }
  readonly response?: string
  readonly responseCode?: number
  /** What it was said to. */
  readonly command?: string
  readonly message: string
}

/** Servers repeat the address they were given: it is not for keeping. */
const saying = (response: string | undefined): Pick<MailAnswer, 'said'> =>
  response ? { said: response.replace(/[^\s<>]+@[^\s<>]+/g, '…').slice(0, 300) } : {}

function messageOf({ key, unsubscribe, html, ...mail }: z.infer<typeof mailForm>): SendMailOptions {
  const { hostname } = new URL(settings?.publicUrl ?? 'http://localhost')
  return {
    ...mail,
    from: `Palier <no-reply@${hostname}>`,
    messageId: `<${encodeURIComponent(key)}@${hostname}>`,
    ...(html && { html }),
    headers: {
      'Auto-Submitted': 'auto-generated',
      ...(unsubscribe && {
        'List-Unsubscribe': `<${unsubscribe}>`,
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      }),
    },
  }
}

async function keep(message: SendMailOptions, key: string): Promise<void> {
  const folder = join(settings?.dataDir ?? 'data', 'outbox')
  const { createTransport } = await nodemailer()
  const written = await createTransport({ streamTransport: true, buffer: true }).sendMail(message)
  await mkdir(folder, { recursive: true })
  const name = `${key.replace(/[^\w.-]+/g, '_').slice(0, 120)}.eml`
  await writeFile(join(folder, name), written.message as Buffer)
}
