import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import type { Program, TestApp } from '../../../../test/support/app.js'

/** A package in a published course. */
export interface Imported {
  readonly course: string
  readonly activity: string
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read answers as they come
  readonly report: any
}

const emails = (
  JSON.parse(readFileSync('content/demo/people.json', 'utf8')) as {
    email: string
    status: string
  }[]
)
  .filter(({ status }) => status === 'active')
  .map(({ email }) => email)
let given = 0

/** Somebody of the demo institution who has not been asked for yet: whoever begins, begins with nothing. */
export function nextLearner(palier: TestApp): Promise<Program> {
  given += 1
  const email = emails[given % emails.length]
  if (!email) throw new Error('the demo institution is empty')
  return palier.as(email)
}

/** Makes a course as a trainer, with a package in it, and publishes it. */
export async function importPackage(palier: TestApp, archive: Buffer): Promise<Imported> {
  const trainer = await palier.as('trainer@demo.palier')
  const course = await makeCourse(trainer)
  const { status, text, json } = await sendPackage(trainer, course, archive)
  if (status !== 201) throw new Error(text)
  const { activity, report } = json as { activity: { id: string }; report: unknown }
  await trainer.post(`/courses/${course}/publish`)
  return { course, activity: activity.id, report }
}

export async function makeCourse(trainer: Program): Promise<string> {
  const title = `Course ${randomUUID().slice(0, 8)}`
  const answer = await trainer.post('/courses', {
    title,
    language: 'en',
    summary: 'A test.',
    outcomes: [],
  })
  if (answer.status !== 201) throw new Error(answer.text)
  return (answer.json as { id: string }).id
}

/** Uploads a package as the course page does. */
export function sendPackage(trainer: Program, course: string, archive: Buffer) {
  const form = new FormData()
  form.set(
    'package',
    new Blob([new Uint8Array(archive)], { type: 'application/zip' }),
    'package.zip',
  )
  return trainer.send('POST', `/courses/${course}/activities`, form, {
    accept: 'application/json',
  })
}

/** Enrols somebody and opens the player, as a program does. */
export async function play(
  palier: TestApp,
  learner: Program,
  { course, activity }: Imported,
): Promise<Playing> {
  await learner.post(`/courses/${course}/enrolments`)
  return playing(palier, await learner.get(`/learn/${activity}`))
}

interface Answered {
  readonly status: number
  readonly text: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read answers as they come
  readonly json: any
}

/** One player, as the shell in its frame sees the content host. */
export interface Playing {
  readonly attempt: string
  readonly token: string
  readonly launchUrl: string
  open(launch?: string): Promise<Answered>
  commit(envelope: object): Promise<Answered>
  /** Sends a body as it is. */
  send(path: string, body: string | Buffer, headers?: Record<string, string>): Promise<Answered>
  get(path: string, headers?: Record<string, string>): Promise<Answered>
}

/** The player of a `GET /learn/…` answer. */
export function playing(
  palier: Pick<TestApp, 'url'>,
  { text, status }: { text: string; status: number },
): Playing {
  if (status !== 200) throw new Error(`${status} ${text}`)
  const { attempt, token, launchUrl } = JSON.parse(text) as Pick<
    Playing,
    'attempt' | 'token' | 'launchUrl'
  >
  const host = new URL(launchUrl).host
  const ask = (
    method: string,
    path: string,
    { body, headers = {} }: Asked = {},
  ): Promise<Answered> =>
    onHost(new URL(palier.url).port, { method, path, headers: { host, ...headers } }, body)
  const json = { 'content-type': 'application/json', accept: 'application/json' }
  return {
    attempt,
    token,
    launchUrl,
    get: (path, headers = {}) => ask('GET', path, { headers }),
    send: (path, body, headers = json) => ask('POST', path, { body, headers }),
    open: (launch = randomUUID()) =>
      ask('POST', '/rt/open', { body: JSON.stringify({ token, attempt, launch }), headers: json }),
    commit: (envelope) =>
      ask('POST', '/rt/commit', {
        body: JSON.stringify({
          token,
          attempt,
          commitId: randomUUID(),
          sco: 0,
          baseSeq: 0,
          ...envelope,
        }),
        headers: json,
      }),
  }
}

interface Asked {
  readonly body?: string | Buffer
  readonly headers?: Record<string, string>
}

/** `fetch` cannot say which host it wants; a content host's name leads nowhere but in a browser. */
function onHost(
  port: string,
  options: { method: string; path: string; headers: Record<string, string> },
  body: string | Buffer = '',
): Promise<Answered> {
  return new Promise((done, fail) => {
    const sent = request({ ...options, host: '127.0.0.1', port }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () => {
        const text = Buffer.concat(parts).toString('utf8')
        done({
          status: response.statusCode ?? 0,
          text,
          headers: response.headers,
          get json() {
            return JSON.parse(text) as unknown
          },
        })
      })
    })
    sent.on('error', fail)
    sent.end(body)
  })
}
