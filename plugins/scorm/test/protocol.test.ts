import { expect } from 'chai'
import fc from 'fast-check'
import { Ledger, type LedgerCommit } from '../assets/shell/ledger.js'
import { parse } from '../runtime/elements.js'
import { claim } from '../runtime/opening.js'
import { receive } from '../runtime/receiving.js'
import type { Runtime } from '../runtime/runtime.js'
import { at, buildCommit, buildItem, buildRuntime } from './support/runtimes.js'

/** What can happen between a browser, its device, the network and the server. */
type Step =
  | { readonly do: 'set'; readonly element: string; readonly value: string }
  | { readonly do: 'send'; readonly vitalOnly: boolean }
  | { readonly do: 'arrive'; readonly which: number; readonly again: boolean }
  | { readonly do: 'answer'; readonly which: number; readonly again: boolean }
  | { readonly do: 'lose'; readonly which: number }
  | { readonly do: 'die' }

const element = fc.constantFrom(
  'core.lesson_location',
  'core.score.raw',
  'suspend_data',
  'comments',
  'core.session_time',
)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('set' as const),
      element,
      value: fc.nat(99).map(String),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('send' as const), vitalOnly: fc.boolean() }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('arrive' as const),
      which: fc.nat(9),
      again: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('answer' as const),
      which: fc.nat(9),
      again: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lose' as const), which: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'die' as const }) },
)

describe('the commit protocol', () => {
  it('ends with equal states, and never loses what it acknowledged, however the network behaves', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80, size: 'max' }), (steps) => {
        const world = new World()
        for (const one of steps) world.run(one)
        world.settle()
        expect(world.stored()).to.deep.equal(world.said())
      }),
      { numRuns: 400 },
    )
  })

  it('still says the rest where only the vital part overtook it', () => {
    const world = new World()
    world.set('core.lesson_location', '1')
    world.set('comments', 'whole')
    const steps: Step[] = [
      { do: 'send', vitalOnly: false },
      { do: 'send', vitalOnly: true },
      { do: 'arrive', which: 1, again: false },
      { do: 'arrive', which: 0, again: false },
      { do: 'answer', which: 1, again: false },
    ]
    for (const step of steps) world.run(step)
    world.settle()
    expect(world.stored()).to.deep.equal(world.said())
  })

  it('gets through a server restored from yesterday: everything is sent anew', () => {
    const world = new World()
    world.set('suspend_data', 'old')
    world.settle()
    const yesterday = world.runtime
    world.set('core.lesson_location', '7')
    world.settle()
    world.runtime = yesterday
    world.set('comments', 'new')
    world.settle()
    expect(world.stored()).to.deep.equal(world.said())
  })
})

interface Message {
  readonly commit: LedgerCommit
  readonly launch: string
  readonly epoch: number
}

interface Answer {
  readonly commitId: string
  readonly launch: string
  readonly stored: boolean
  readonly overtakenBy?: number
}

/** One browser with its device, one server, and a network that does as it likes in between. */
class World {
  runtime: Runtime
  #launches = 0
  #ledger: Ledger
  #launch = ''
  #epoch = 0
  #device: Message | undefined
  readonly #state = new Map<string, string>()
  readonly #requests: Message[] = []
  readonly #answers: Answer[] = []

  constructor() {
    this.runtime = buildRuntime()
    this.#ledger = this.#open()
  }

  run(step: Step): void {
    if (step.do === 'set') return this.set(step.element, timed(step))
    if (step.do === 'send') return this.#send(step.vitalOnly)
    if (step.do === 'arrive') return this.#arrive(step.which, step.again)
    if (step.do === 'answer') return this.#answer(step.which, step.again)
    if (step.do === 'lose')
      return void this.#requests.splice(placeIn(step.which, this.#requests), 1)
    return this.#die()
  }

  set(name: string, value: string): void {
    this.#ledger.set(name, value)
    this.#state.set(name, value)
  }

  /** Until nothing is outstanding: what the shell does as soon as there is a connection. */
  settle(): void {
    for (let tries = 0; this.#ledger.hasOutstanding && tries < 5; tries += 1) {
      this.#send(false)
      const request = this.#requests.at(-1)
      if (request) this.#take(this.#deliver(request))
    }
    expect(this.#ledger.hasOutstanding).to.equal(false)
  }

  said(): Record<string, string> {
    return sorted(this.#state)
  }

  stored(): Record<string, string> {
    return sorted(parse(this.runtime.scos[0]?.cmi))
  }

  #open(): Ledger {
    this.#launches += 1
    this.#launch = `launch-${this.#launches}`
    const { runtime, launch } = claim(this.runtime, this.#launch, at(0))
    this.runtime = runtime
    this.#epoch = launch.epoch
    return new Ledger(0, parse(runtime.scos[0]?.cmi))
  }

  #send(vitalOnly: boolean): void {
    if (!this.#ledger.hasOutstanding) return
    const whole = this.#ledger.next()
    const [launch, epoch] = [this.#launch, this.#epoch]
    this.#device = { commit: whole, launch, epoch }
    // A page that is taken away sends the vital part; its device holds the whole under the next number.
    const commit = vitalOnly ? this.#ledger.vitalBefore(whole.seq) : whole
    this.#requests.push({ commit, launch, epoch })
  }

  #arrive(which: number, again: boolean): void {
    const place = placeIn(which, this.#requests)
    const request = this.#requests[place]
    if (!request) return
    if (!again) this.#requests.splice(place, 1)
    this.#answers.push(this.#deliver(request))
  }

  #answer(which: number, again: boolean): void {
    const place = placeIn(which, this.#answers)
    const answer = this.#answers[place]
    if (!answer) return
    if (!again) this.#answers.splice(place, 1)
    this.#take(answer)
  }

  /** A killed tab: only what the device holds survives, and is sent before the next launch opens. */
  #die(): void {
    const message = { commit: this.#ledger.next(), launch: this.#launch, epoch: this.#epoch }
    if (Object.keys(message.commit.delta).length > 0) this.#device = message
    if (this.#device) this.#deliver(this.#device)
    this.#device = undefined
    this.#ledger = this.#open()
  }

  #deliver({ commit, launch, epoch }: Message): Answer {
    const { commitId, seq, baseSeq, delta } = commit
    const hash = JSON.stringify(delta)
    const built = buildCommit({ launch, epoch, commitId, seq, baseSeq, delta, hash })
    const circumstances = { at: at(10), address: '', items: [buildItem()] }
    const receipt = receive(this.runtime, built, circumstances)
    if (receipt.kind === 'applied') this.runtime = receipt.runtime
    if (receipt.kind === 'resend') this.#ledger.startOver()
    if (receipt.kind === 'reopen') this.#reopen()
    const stored = ['applied', 'repeated', 'superseded', 'late'].includes(receipt.kind)
    if (launch === this.#launch) {
      expect(receipt.kind, 'the only browser is never late').not.to.equal('late')
    }
    const overtaken = receipt.kind === 'superseded' && { overtakenBy: receipt.storedSeq }
    return { commitId, launch, stored, ...overtaken }
  }

  #reopen(): void {
    const { runtime, launch } = claim(this.runtime, this.#launch, at(0))
    this.runtime = runtime
    this.#epoch = launch.epoch
    this.#ledger.startOver()
  }

  #take({ commitId, launch, stored, overtakenBy }: Answer): void {
    if (!stored || launch !== this.#launch) return
    this.#ledger.acknowledge(commitId, overtakenBy)
  }
}

const placeIn = (which: number, list: readonly unknown[]): number =>
  which % Math.max(1, list.length)

const timed = (step: { readonly element: string; readonly value: string }): string =>
  step.element === 'core.session_time' ? `00:00:${step.value.padStart(2, '0')}` : step.value

const sorted = (map: ReadonlyMap<string, string>): Record<string, string> =>
  Object.fromEntries([...map].sort(([a], [b]) => a.localeCompare(b)))
