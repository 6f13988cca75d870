import { Ledger } from './ledger.js'
import type { SavedState } from './messages.js'
import type { Envelope, Outbox } from './outbox.js'
import type { Answer, Server } from './server.js'

const quiet = 1_500
const heartbeat = 60_000
const longestWait = 60_000

/** What the saver tells the shell. */
export interface SaverEvents {
  state(state: SavedState, at: string | null): void
  stopped(reason: 'opened-elsewhere' | 'ended'): void
  /** The server forgot this launch: claim an epoch again, then everything is sent anew. */
  reopen(): Promise<number | undefined>
  /** The token is no good any more: ask the page for another. */
  renew(): void
  result(sco: number, completion: string, success: string): void
}

export interface Launch {
  readonly attempt: string
  readonly id: string
  epoch: number
}

/** Gets what content says to the server: soon, in order, again until it is acknowledged, and on the device meanwhile. */
export class Saver {
  readonly #server: Server
  #outbox: Outbox | undefined
  readonly #launch: Launch
  readonly #events: SaverEvents
  readonly #ledgers = new Map<number, Ledger>()
  readonly #finals = new Set<number>()
  readonly #writing = new Set<Ledger>()
  /** What the device surely holds, per item: its number. */
  readonly #durable = new Map<number, number>()
  #setAside = false
  #launchSeq = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #beat: ReturnType<typeof setTimeout> | undefined
  #failures = 0
  #sending: Promise<void> = Promise.resolve()
  #stopped = false
  #savedAt: string | null = null
  /** What was outstanding when it was last sent with the page going away. */
  #leftWith = ''

  constructor(
    { server, outbox }: { server: Server; outbox: Outbox | undefined },
    launch: Launch,
    events: SaverEvents,
  ) {
    this.#server = server
    this.#outbox = outbox
    this.#launch = launch
    this.#events = events
    server.whenSilent = () => events.state(this.#waitingState(), this.#savedAt)
  }

  get stopped(): boolean {
    return this.#stopped
  }

  /** The ledger of an item, made at its first visit of this launch. */
  ledger(sco: number, known: Iterable<readonly [string, string]> = []): Ledger {
    const ledger = this.#ledgers.get(sco) ?? new Ledger(sco, known)
    this.#ledgers.set(sco, ledger)
    return ledger
  }

  /** Content has set something: on the device at once, to the server when it pauses. */
  changed(sco: number): void {
    if (this.#stopped) return
    void this.#keep(this.ledger(sco))
    const inTrouble = this.#failures > 0 || this.#server.isSilent
    this.#events.state(inTrouble ? this.#waitingState() : 'saving', this.#savedAt)
    if (!inTrouble) this.#later(quiet)
  }

  /** Content asks for its work to be stored, and waits: true only where the server, or the device, has it all. */
  commitNow(sco: number, final: boolean): boolean {
    if (this.#stopped) return false
    const ledger = this.ledger(sco)
    const envelope = this.#envelope(ledger, { final })
    void this.#hold(ledger, envelope)
    const answer = this.#server.sendAndWait(envelope)
    void this.#take(ledger, envelope, answer)
    if (answer.kind === 'stored') return true
    if (final) this.#finals.add(sco)
    // Browsers refuse to wait for an answer while a page goes away: what outlives it is sent instead.
    if (answer.kind === 'unreachable' && document.visibilityState === 'hidden') this.goAway()
    this.#later(0)
    return false
  }

  /** Sends whatever is outstanding, and waits for it. True when the server has it all. */
  async flush(): Promise<boolean> {
    clearTimeout(this.#timer)
    this.#sending = this.#sending.then(() => this.#sendAll())
    await this.#sending
    return !this.#outstanding
  }

  /** An item is left without having said a word of its own: having been there is what there is to say. */
  leave(sco: number): void {
    this.ledger(sco)
    this.#finals.add(sco)
    this.#later(0)
  }

  /** The page is going away: the whole if it fits, else what matters most, numbered before what the device holds. */
  goAway(): void {
    const [ledger] = [...this.#ledgers.values()].filter((one) => this.#owesFor(one))
    if (!ledger || this.#stopped) return
    const final = this.#finals.has(ledger.sco)
    const outstanding = `${ledger.sco} ${ledger.tick} ${final}`
    // A page that goes is first hidden, then gone: what it may still send in all is little, so once is enough.
    if (outstanding === this.#leftWith) return
    this.#leftWith = outstanding
    const durable = this.#durable.get(ledger.sco)
    const whole = this.#envelope(ledger, { final })
    void this.#hold(ledger, whole)
    if (this.#server.fits(whole)) {
      void this.#server.sendLeaving(whole).then((answer) => this.#take(ledger, whole, answer))
      return
    }
    const vital = { ...whole, ...ledger.vitalBefore(durable ?? whole.seq, { final }) }
    void this.#server.sendLeaving(vital)
  }

  /** A new token has come, or the connection is back. */
  again(): void {
    this.#failures = 0
    this.#later(0)
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
    clearTimeout(this.#beat)
  }

  /** Marks a launch as begun, or alive: after a quiet minute the server is told so. */
  alive(savedAt: string | null): void {
    this.#savedAt = savedAt ?? this.#savedAt
    clearTimeout(this.#beat)
    this.#beat = setTimeout(() => void this.#sendBeat(), heartbeat)
  }

  get #outstanding(): boolean {
    return [...this.#ledgers.values()].some((ledger) => this.#owesFor(ledger))
  }

  #owesFor(ledger: Ledger): boolean {
    return ledger.hasOutstanding || this.#finals.has(ledger.sco)
  }

  #envelope(ledger: Ledger, { final = false } = {}): Envelope {
    this.#launchSeq += 1
    const { attempt, id, epoch } = this.#launch
    const sentAt = new Date().toISOString()
    return {
      ...ledger.next({ final }),
      attempt,
      launch: id,
      epoch,
      launchSeq: this.#launchSeq,
      sentAt,
    }
  }

  async #keep(ledger: Ledger): Promise<void> {
    // Changes of one burst are written together, once the content's own code has run.
    await Promise.resolve()
    if (!ledger.hasOutstanding || this.#writing.has(ledger)) return
    this.#writing.add(ledger)
    const tick = ledger.tick
    await this.#hold(ledger, this.#envelope(ledger))
    this.#writing.delete(ledger)
    if (ledger.tick > tick) await this.#keep(ledger)
  }

  /** Keeps a commit on the device. One that fails there goes to the server all the same. */
  async #hold(ledger: Ledger, envelope: Envelope): Promise<void> {
    try {
      await this.#outbox?.keep(envelope)
      this.#durable.set(ledger.sco, envelope.seq)
    } catch {
      this.#outbox = undefined
    }
  }

  #later(delay: number): void {
    if (this.#stopped) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.flush(), delay)
  }

  async #sendAll(): Promise<void> {
    for (const ledger of this.#ledgers.values()) {
      for (let tries = 0; tries < 4 && this.#owesFor(ledger) && !this.#stopped; tries += 1) {
        const envelope = this.#envelope(ledger, { final: this.#finals.has(ledger.sco) })
        await this.#hold(ledger, envelope)
        this.#events.state('saving', this.#savedAt)
        const answer = await this.#server.send(envelope)
        await this.#take(ledger, envelope, answer)
        if (answer.kind === 'unreachable' || answer.kind === 'signed-out') return
      }
    }
    if (!this.#outstanding && this.#failures === 0)
      this.#events.state(this.#settledState(), this.#savedAt)
  }

  async #sendBeat(): Promise<void> {
    const [ledger] = this.#ledgers.values()
    if (!ledger || this.#stopped) return
    if (this.#outstanding) return this.alive(null)
    const envelope = this.#envelope(ledger)
    await this.#take(ledger, envelope, await this.#server.send(envelope))
    this.alive(null)
  }

  async #take(ledger: Ledger, envelope: Envelope, answer: Answer): Promise<void> {
    switch (answer.kind) {
      case 'stored':
        return this.#stored(ledger, envelope, answer)
      case 'kept':
        this.stop()
        await this.#outbox?.drop(envelope).catch(() => undefined)
        return this.#events.stopped(answer.reason)
      case 'malformed':
        return this.#putAside(ledger, answer.paths)
      case 'resend':
        return ledger.startOver()
      case 'reopen':
        return this.#reopen()
      case 'signed-out':
        return this.#signedOut()
      case 'unreachable':
        return this.#failed()
    }
  }

  async #stored(
    ledger: Ledger,
    envelope: Envelope,
    answer: Extract<Answer, { kind: 'stored' }>,
  ): Promise<void> {
    if (!ledger.acknowledge(envelope.commitId, answer.overtakenBy)) return this.#later(0)
    if (envelope.final) this.#finals.delete(ledger.sco)
    this.#failures = 0
    this.alive(answer.savedAt)
    if (answer.completion) {
      this.#events.result(ledger.sco, answer.completion, answer.success ?? 'unknown')
    }
    this.#events.state(this.#outstanding ? 'saving' : this.#settledState(), this.#savedAt)
    await this.#outbox?.drop(envelope).catch(() => undefined)
  }

  #putAside(ledger: Ledger, paths: readonly string[]): void {
    if (!ledger.owesAny(paths)) return this.#failed()
    ledger.setAside(paths)
    this.#setAside = true
  }

  async #reopen(): Promise<void> {
    const epoch = await this.#events.reopen()
    if (epoch === undefined) return this.#failed()
    this.#launch.epoch = epoch
    for (const ledger of this.#ledgers.values()) ledger.startOver()
  }

  #signedOut(): void {
    this.#retryLater()
    this.#events.state('signed-out', this.#savedAt)
    this.#events.renew()
  }

  #failed(): void {
    this.#retryLater()
    this.#events.state(this.#waitingState(), this.#savedAt)
  }

  #retryLater(): void {
    this.#failures += 1
    this.#leftWith = ''
    this.#later(Math.min(longestWait, 1000 * 2 ** this.#failures))
  }

  #settledState(): SavedState {
    return this.#setAside ? 'partly' : 'saved'
  }

  #waitingState(): SavedState {
    return this.#outbox ? 'waiting' : 'unkept'
  }
}
