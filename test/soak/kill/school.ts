import { randomUUID } from 'node:crypto'
import { buildPackage } from '../../../plugins/scorm/test/support/packages.js'
import { readDemo } from '../../../content/demo/demo.js'
import { postJson, programHeaders, signIn } from '../../support/session.js'
import { SteadfastLearner } from './steadfast-learner.js'

/** A course of one package, with the badge that its completion earns. */
export interface SoakCourse {
  readonly id: string
  readonly activity: string
  readonly badge: string
}

/** Somebody who has not begun a course yet. */
export interface Place {
  readonly person: { readonly id: string; readonly email: string }
  readonly course: SoakCourse
}

export const competency = 'digital:information'
export const level = 3

/** Courses, and people who can each take each of them once. */
export class School {
  readonly #url: string
  readonly #cookies = new Map<string, string>()

  constructor(url: string) {
    this.#url = url
  }

  /** As many places as are asked for, no person twice within `apart` of them. */
  async places(wanted: number, apart: number): Promise<Place[]> {
    const people = readDemo().people.filter(({ status }) => status === 'active')
    if (people.length < apart) throw new Error('the demo institution has too few people')
    const archive = await buildPackage({ masteryScore: 60 })
    const places: Place[] = []
    while (places.length < wanted) {
      const course = await this.#course(archive, places.length)
      places.push(...people.map((person) => ({ person, course })))
    }
    return places.slice(0, wanted)
  }

  /** Enrols somebody and opens the player. */
  async begin({ person, course }: Place): Promise<SteadfastLearner> {
    await this.#post(person.email, `/courses/${course.id}/enrolments`, {})
    const answer = await fetch(new URL(`/learn/${course.activity}`, this.#url), {
      headers: programHeaders(this.#url, await this.#cookie(person.email)),
    })
    const opened = { status: answer.status, text: await answer.text() }
    const learner = new SteadfastLearner({ url: this.#url }, opened)
    await learner.open()
    return learner
  }

  async #course(archive: Buffer, number: number): Promise<SoakCourse> {
    const trainer = 'trainer@demo.palier'
    const id = randomUUID()
    const title = `Course ${number}`
    const outcomes = [{ competency, level }]
    const about = { title, language: 'en', summary: 'Before a power cut.' }
    await this.#post(trainer, '/courses', { id, ...about, outcomes })
    const form = new FormData()
    form.set('package', new Blob([new Uint8Array(archive)]), 'package.zip')
    const added = await this.#post(trainer, `/courses/${id}/activities`, form)
    await this.#post(trainer, `/courses/${id}/publish`, {})
    const badge = randomUUID()
    const titles = { titleEn: title, titleFr: title, titleEs: title }
    const texts = { descriptionEn: '-', descriptionFr: '-', descriptionEs: '-' }
    const criterion = { kind: 'completion', course: id }
    await this.#post(trainer, '/badges', {
      id: badge,
      ...titles,
      ...texts,
      icon: 'award',
      ...criterion,
    })
    const { activity } = added as { activity: { id: string } }
    return { id, activity: activity.id, badge }
  }

  async #post(email: string, path: string, body: object): Promise<unknown> {
    return postJson(this.#url, path, body, await this.#cookie(email))
  }

  async #cookie(email: string): Promise<string> {
    const cookie = this.#cookies.get(email) ?? (await signIn(this.#url, email))
    this.#cookies.set(email, cookie)
    return cookie
  }
}
