import { randomUUID } from 'node:crypto'
import { request } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { buffer } from 'node:stream/consumers'
import { buildPackage } from '../../../plugins/scorm/test/support/packages.js'
import type { TestApp } from '../../support/app.js'

/** A course whose one step is a package, with the badge that its completion earns. */
export interface PackageCourse {
  readonly id: string
  readonly activity: string
  readonly badge: string
  readonly competency: string
}

/** A trainer makes, fills and publishes a course through the API, and a badge for it. */
export async function courseWithPackage(
  palier: TestApp,
  outcome: { readonly competency: string; readonly level: number },
): Promise<PackageCourse> {
  const trainer = await palier.as('trainer@demo.palier')
  const id = randomUUID()
  expectOk(
    await trainer.post('/courses', {
      id,
      title: 'Customer service at the counter',
      language: 'en',
      summary: 'What the first two minutes decide.',
      outcomes: [outcome],
    }),
  )
  const form = new FormData()
  form.set(
    'package',
    new Blob([new Uint8Array(await buildPackage({ masteryScore: 60 }))]),
    'counter.zip',
  )
  const added = await trainer.send('POST', `/courses/${id}/activities`, form, {
    accept: 'application/json',
  })
  expectOk(added)
  expectOk(await trainer.post(`/courses/${id}/publish`))
  const badge = randomUUID()
  const texts = { titleEn: 'At the counter', titleFr: 'Au guichet', titleEs: 'En la ventanilla' }
  const about = { descriptionEn: '-', descriptionFr: '-', descriptionEs: '-' }
  const criterion = { kind: 'completion', course: id }
  expectOk(
    await trainer.post('/badges', { id: badge, ...texts, ...about, icon: 'award', ...criterion }),
  )
  const { activity } = added.json as { activity: { id: string } }
  return { id, activity: activity.id, badge, competency: outcome.competency }
}

/** A person in the player, as the content host sees one: a program that keeps to the commit protocol. */
export class Learner {
  readonly #content: URL
  readonly #play: { readonly token: string; readonly attempt: string }
  readonly #launch = randomUUID()
  #epoch = 0
  #seq = 0

  private constructor(launchUrl: string, play: { token: string; attempt: string }) {
    this.#content = new URL(launchUrl)
    this.#play = play
  }

  /** Enrols a person and opens the step. */
  static async open(palier: TestApp, email: string, course: PackageCourse): Promise<Learner> {
    const program = await palier.as(email)
    expectOk(await program.post(`/courses/${course.id}/enrolments`))
    const answer = await program.get(`/learn/${course.activity}`)
    expectOk(answer)
    const { launchUrl, token, attempt } = answer.json as Record<string, string>
    const learner = new Learner(launchUrl ?? '', { token: token ?? '', attempt: attempt ?? '' })
    const opened = await learner.#insist('/rt/open', {})
    learner.#epoch = Number(opened.epoch)
    return learner
  }

  /** Says that the part is passed, until the server has said that it is stored. */
  async finish(): Promise<void> {
    this.#seq += 1
    await this.#insist('/rt/commit', {
      epoch: this.#epoch,
      sco: 0,
      seq: this.#seq,
      baseSeq: this.#seq - 1,
      commitId: randomUUID(),
      final: true,
      delta: {
        'core.lesson_status': 'passed',
        'core.score.raw': '80',
        'core.session_time': '00:00:05',
      },
      launchSeq: this.#seq,
    })
  }

  /** Sends the same again until it is acknowledged: a lost answer says nothing of what was stored. */
  async #insist(path: string, body: object): Promise<Record<string, unknown>> {
    const whole = { ...this.#play, launch: this.#launch, ...body }
    for (let tries = 0; tries < 40; tries += 1) {
      const { status, json } = await post(this.#content, path, whole)
      if (status === 200) return json
      if (status !== 0 && status < 500)
        throw new Error(`${path}: ${status} ${JSON.stringify(json)}`)
      await wait(50)
    }
    throw new Error(`${path} was never acknowledged`)
  }
}

/** Node does not resolve `*.localhost`: it connects to this machine and names the host. */
function post(
  content: URL,
  path: string,
  body: object,
): Promise<{ status: number; json: Record<string, unknown> }> {
  return new Promise((done) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port: content.port,
        path,
        method: 'POST',
        headers: { host: content.host, 'content-type': 'application/json' },
      },
      (response) => {
        void buffer(response).then((bytes) => {
          const text = bytes.toString()
          const json = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {}
          done({ status: response.statusCode ?? 0, json })
        })
      },
    )
    sent.on('error', () => done({ status: 0, json: {} }))
    sent.end(JSON.stringify(body))
  })
}

function expectOk({ status, text }: { readonly status: number; readonly text: string }): void {
  if (status >= 300) throw new Error(`${status}: ${text.slice(0, 500)}`)
}
