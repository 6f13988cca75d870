/** One commit of one item, without the envelope's attempt and token. */
export interface LedgerCommit {
  readonly sco: number
  readonly seq: number
  readonly baseSeq: number
  readonly commitId: string
  readonly final: boolean
  readonly delta: Readonly<Record<string, string>>
}

interface Changed {
  readonly value: string
  readonly tick: number
}

interface Sent {
  readonly seq: number
  readonly tick: number
  readonly elements: ReadonlySet<string>
}

/** What is written first when a page is taken away and not all of it fits. */
const vital =
  /^(core\.(lesson_status|lesson_location|session_time|exit|score\..*)|completion_status|success_status|location|session_time|exit|score\..*|progress_measure)$/

/**
 * What one item has said and the server has not yet acknowledged. Each commit holds everything
 * outstanding, so that any one of them may be lost, repeated or overtaken.
 */
export class Ledger {
  readonly sco: number
  readonly #all: Map<string, string>
  readonly #changed = new Map<string, Changed>()
  readonly #sent = new Map<string, Sent>()
  readonly #aside = new Set<string>()
  /** Numbers under which only the vital part was sent. */
  readonly #partial = new Set<number>()
  #tick = 0
  #seq = 0
  #acknowledged = 0

  /** `known`: what the server had for the item when this launch opened. */
  constructor(sco: number, known: Iterable<readonly [string, string]> = []) {
    this.sco = sco
    this.#all = new Map(known)
  }

  set(element: string, value: string): void {
    this.#tick += 1
    this.#all.set(element, value)
    if (this.#aside.has(element)) return
    this.#changed.set(element, { value, tick: this.#tick })
  }

  /** The latest value of an element, acknowledged or not. */
  value(element: string): string | undefined {
    return this.#all.get(element)
  }

  /** Everything known of the item, in the order it was first said. */
  values(): IterableIterator<[string, string]> {
    return this.#all.entries()
  }

  get hasOutstanding(): boolean {
    return this.#changed.size > 0
  }

  /** Raised by each change: tells whether the device holds the latest. */
  get tick(): number {
    return this.#tick
  }

  /** The next commit: everything outstanding. The number before it is left free for its vital part. */
  next({ final = false } = {}): LedgerCommit {
    this.#seq += 2
    return this.#commit(this.#seq, [...this.#changed.keys()], final)
  }

  /**
   * The few elements that matter most, numbered just before a commit the device holds whole: whichever of the two
   * comes first, or alone, is right.
   */
  vitalBefore(seq: number, { final = false } = {}): LedgerCommit {
    this.#partial.add(seq - 1)
    return this.#commit(
      seq - 1,
      [...this.#changed.keys()].filter((name) => vital.test(name)),
      final,
    )
  }

  /** Whether any of these is outstanding here. */
  owesAny(elements: readonly string[]): boolean {
    return elements.some((element) => this.#changed.has(element))
  }

  /**
   * The server has stored that commit, or a later one that overtook it. False where the later one held only the vital
   * part: then the rest is still to be said.
   */
  acknowledge(commitId: string, overtakenBy?: number): boolean {
    if (overtakenBy !== undefined && this.#partial.has(overtakenBy)) return false
    const sent = this.#sent.get(commitId)
    if (!sent) return true
    for (const element of sent.elements) {
      const changed = this.#changed.get(element)
      if (changed && changed.tick <= sent.tick) this.#changed.delete(element)
    }
    this.#acknowledged = Math.max(this.#acknowledged, sent.seq)
    for (const [id, { seq }] of this.#sent) if (seq <= sent.seq) this.#sent.delete(id)
    return true
  }

  /** The server lacks what it once acknowledged: all that is known here is outstanding again. */
  startOver(): void {
    this.#acknowledged = 0
    for (const [element, value] of this.#all) {
      if (this.#aside.has(element)) continue
      this.#changed.set(element, this.#changed.get(element) ?? { value, tick: this.#tick })
    }
  }

  /** Leaves elements the server cannot take out of every later commit, so that they block nothing else. */
  setAside(elements: readonly string[]): void {
    for (const element of elements) {
      this.#aside.add(element)
      this.#changed.delete(element)
    }
  }

  #commit(seq: number, elements: readonly string[], final: boolean): LedgerCommit {
    const commitId = crypto.randomUUID()
    this.#sent.set(commitId, { seq, tick: this.#tick, elements: new Set(elements) })
    const delta: Record<string, string> = {}
    for (const element of elements) delta[element] = this.#changed.get(element)?.value ?? ''
    return { sco: this.sco, seq, baseSeq: this.#acknowledged, commitId, final, delta }
  }
}
