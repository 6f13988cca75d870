import { logger } from '../kernel/logger.js'

/** Work that was claimed and is to be done now. */
export type Claimed = () => Promise<void>

export interface PollerOptions {
  /** What is polled, for the log. */
  readonly what: string
  /** Milliseconds between two looks when nobody nudges. */
  readonly every: number
  /** Pieces of work done side by side. */
  readonly lanes: number
  /** Takes the next piece that is due, so that nobody else does; nothing when none is. */
  claim(): Promise<Claimed | undefined>
}

export interface Poller {
  start(): void
  /** Takes nothing more, and waits for the work under way. */
  stop(): Promise<void>
  /** Looks at once instead of at the next turn. */
  nudge(): void
  /** Does all that is due, and waits for what others of this process do. Also without `start`. */
  drain(): Promise<void>
}

/** Does what is due, again and again, until it is stopped. */
export function makePoller({ what, every, lanes, claim }: PollerOptions): Poller {
  const busy = new Set<Promise<void>>()
  let timer: NodeJS.Timeout | undefined

  const run = async (): Promise<void> => {
    while (timer) {
      const work = await claim()
      if (!work) return
      wake()
      await work()
    }
  }
  const wake = (): void => {
    if (!timer || busy.size >= lanes) return
    const lane = run()
      .catch((error: unknown) => logger.warn({ err: error, what }, 'the queue could not be read'))
      .finally(() => busy.delete(lane))
    busy.add(lane)
  }

  return {
    start: () => {
      timer ??= setInterval(wake, every).unref()
      wake()
    },
    stop: async () => {
      clearInterval(timer)
      timer = undefined
      await Promise.all(busy)
    },
    nudge: wake,
    drain: async () => {
      for (;;) {
        const work = await claim()
        if (work) await work()
        else if (busy.size > 0) await Promise.all(busy)
        else return
      }
    },
  }
}
