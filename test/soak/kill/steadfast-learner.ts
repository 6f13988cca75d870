import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { playing, type Playing } from '../../../plugins/scorm/test/support/playing.js'

const longestMs = 60_000

/** Somebody in a player who sends each commit until it is acknowledged, and remembers what was promised. */
export class SteadfastLearner {
  readonly #player: Playing
  #launch = { launch: '', epoch: 0 }
  #seq = 0
  #hasPassed = false

  constructor(palier: { readonly url: string }, opened: { status: number; text: string }) {
    this.#player = playing(palier, opened)
  }

  get attempt(): string {
    return this.#player.attempt
  }

  /** Commits that were acknowledged; none is left unanswered once `commit` has returned. */
  get acknowledged(): number {
    return this.#seq
  }

  /** Whether it was acknowledged that the course is passed. */
  get hasPassed(): boolean {
    return this.#hasPassed
  }

  async open(): Promise<void> {
    const launch = randomUUID()
    const { status, text, json } = await this.#player.open(launch)
    if (status !== 200) throw new Error(`/rt/open: ${status} ${text}`)
    this.#launch = { launch, epoch: (json as { epoch: number }).epoch }
    this.#seq = 0
  }

  /** Says where it is, in two elements that must never part; `passing` says that this is the end as well. */
  async commit(passing: boolean): Promise<void> {
    const seq = this.#seq + 1
    const end = { lesson_status: 'passed', score: { raw: '80' }, session_time: '00:00:05' }
    await this.#insist({
      ...this.#launch,
      seq,
      baseSeq: this.#seq,
      launchSeq: seq,
      commitId: randomUUID(),
      final: passing,
      delta: {
        core: { lesson_location: `page ${seq}`, ...(passing && end) },
        suspend_data: `read ${seq}`,
      },
    })
    this.#seq = seq
    this.#hasPassed ||= passing
  }

  /** What is wrong with the state that a new launch is given. */
  async problems(): Promise<string[]> {
    const { status, text, json } = await this.#player.open()
    if (status !== 200) return [`${this.attempt} does not open: ${status} ${text}`]
    const [{ cmi }] = (json as { items: [{ cmi: State }] }).items
    const expected = `page ${this.#seq}, read ${this.#seq}`
    const found = `${cmi.core.lesson_location}, ${cmi.suspend_data}`
    const isPassed = cmi.core.lesson_status === 'passed'
    return [
      ...(found === expected ? [] : [`${this.attempt} is at ${found} instead of ${expected}`]),
      ...(isPassed === this.#hasPassed ? [] : [`${this.attempt} is ${cmi.core.lesson_status}`]),
    ]
  }

  async #insist(envelope: object): Promise<void> {
    const until = performance.now() + longestMs
    while (performance.now() < until) {
      const answer = await this.#player.commit(envelope).catch(() => undefined)
      if (answer?.status === 200) return
      if (answer && answer.status < 500)
        throw new Error(`${this.attempt} is refused: ${answer.status} ${answer.text}`)
      await wait(50)
    }
    throw new Error(`${this.attempt} was not answered for ${longestMs / 1000} s`)
  }
}

interface State {
  readonly core: { readonly lesson_location: string; readonly lesson_status: string }
  readonly suspend_data: string
}
