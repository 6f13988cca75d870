import { expect } from 'chai'
import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { removeData, startPalier, type Palier } from '../../../test/support/palier.js'
import { buildPackage } from './support/packages.js'
import { playing, type Playing } from './support/playing.js'
import { signedIn, stage } from './support/theatre.js'

describe('a power cut while a learner plays', function () {
  this.timeout(600_000)
  let palier: Palier

  before(async () => {
    palier = await startPalier()
  })

  after(async () => {
    await palier?.stop()
    removeData()
  })

  it('loses no acknowledged commit and applies none twice, whether the app or the store is killed', async () => {
    const trainer = await signedIn(palier, 'trainer')
    const imported = await stage(trainer, palier.url, await buildPackage())
    const learner = await signedIn(palier, 'learner')
    const headers = { accept: 'application/json', origin: palier.url }
    await learner.request.post(`${palier.url}/courses/${imported.course}/enrolments`, {
      data: {},
      headers,
    })
    const shown = await learner.request.get(`${palier.url}/learn/${imported.activity}`, { headers })
    const player = playing(palier, { status: shown.status(), text: await shown.text() })
    const session = new Session(player)
    await session.open()

    for (const victim of ['app', 'store', 'app'] as const) {
      const committing = session.commit()
      await wait(700)
      if (victim === 'store') process.kill(storeOf(palier), 'SIGKILL')
      else await palier.kill()
      // A store that is back at once refuses nothing: what came meanwhile has waited for it.
      await wait(700)
      session.pause()
      await committing
      if (victim === 'app') palier = await startPalier({ again: palier })
      await session.resend()
      const { items } = (await player.open()).json
      expect(items[0].cmi.core.lesson_location, victim).to.equal(session.said)
      await session.open()
    }
    expect(session.acknowledged).to.be.above(3)
    await trainer.context().close()
    await learner.context().close()
  })
})

/** The store is the app's own child. */
function storeOf({ pid }: Palier): number {
  const children = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(pid)], {
    encoding: 'utf8',
  })
  const line = children.split('\n').find((one) => one.includes('store'))
  return Number(line?.trim().split(/\s+/)[0])
}

/** One launch that commits as fast as it is answered, and remembers what it was promised. */
class Session {
  readonly #player: Playing
  #common = { launch: '', epoch: 0 }
  #seq = 0
  #base = 0
  #count = 0
  #last: object = {}
  #isPaused = false
  said = ''
  acknowledged = 0

  constructor(player: Playing) {
    this.#player = player
  }

  async open(): Promise<void> {
    const launch = randomUUID()
    const { json } = await this.#player.open(launch)
    this.#common = { launch, epoch: json.epoch as number }
    this.#seq = 0
    this.#base = 0
  }

  /** One after the other, until one is refused or it is told to pause. */
  async commit(): Promise<void> {
    this.#isPaused = false
    while (!this.#isPaused) {
      this.#count += 1
      this.#seq += 1
      const location = `p${this.#count}`
      this.#last = {
        ...this.#common,
        seq: this.#seq,
        baseSeq: this.#base,
        commitId: randomUUID(),
        delta: { core: { lesson_location: location } },
      }
      this.said = location
      if (!(await this.#send())) return
    }
  }

  pause(): void {
    this.#isPaused = true
  }

  /** What was never answered is sent again as it was, until it is. */
  async resend(): Promise<void> {
    for (let tries = 0; tries < 200; tries += 1) {
      if (await this.#send()) return
      await wait(100)
    }
    throw new Error('never answered')
  }

  async #send(): Promise<boolean> {
    const answer = await this.#player.commit(this.#last).catch(() => undefined)
    if (answer?.status !== 200) return false
    this.#base = this.#seq
    this.acknowledged += 1
    return true
  }
}
