import { createAdapter } from '@socket.io/redis-streams-adapter'
import { Redis } from 'ioredis'
import { logger } from '../kernel/logger.js'

/** What carries to the other processes what is sent to their sockets. */
export interface Hints {
  readonly adapter: ReturnType<typeof createAdapter>
  close(): void
}

/** Milliseconds after which a Redis that is connected and silent counts as gone: nobody waits longer to be told. */
const longest = 1000

/** Hints that Redis keeps for processes that read slowly. They are worth nothing a moment later. */
const kept = 1000

/** Connects the sockets of several processes. Where Redis is away, each process tells its own people, and the rest is lost. */
export function connectHints(url: string): Hints {
  const client = new Sender(url)
  const adapter = createAdapter(client, {
    streamName: 'palier:hints',
    channelPrefix: 'palier',
    maxLen: kept,
    blockTimeInMs: longest,
  })
  return { adapter, close: () => client.close() }
}

/** Asks a Redis whether it is there. Throws what it says, or why it says nothing. */
export async function pingRedis(url: string): Promise<void> {
  const client = new Redis(url, { lazyConnect: true, connectTimeout: 5000, retryStrategy: null })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.ping()
  } finally {
    client.disconnect()
  }
}

/** Sends now or not at all: what waited for Redis would be old, and fill the memory meanwhile. */
class Sender extends Redis {
  readonly #url: string
  readonly #readers: Redis[] = []
  #isAway = false

  constructor(url: string) {
    super(url, { enableOfflineQueue: false, maxRetriesPerRequest: 0, commandTimeout: longest })
    this.#url = url
    this.on('error', (error: Error) => this.#gone(error))
    this.on('ready', () => this.#back())
  }

  /** The adapter's readers, which wait for Redis: one that failed at once would ask again without a pause. */
  override duplicate(): Redis {
    const reader = new Redis(this.#url, { maxRetriesPerRequest: null })
    reader.on('error', () => undefined)
    this.#readers.push(reader)
    return reader
  }

  /** The adapter hears of no failure of what it publishes to no one in particular. */
  override sendCommand(...given: Parameters<Redis['sendCommand']>): unknown {
    const sent = super.sendCommand(...given)
    if (sent instanceof Promise) sent.catch(() => undefined)
    return sent
  }

  close(): void {
    for (const one of [this, ...this.#readers]) one.disconnect()
  }

  /** Told once, not at every try. */
  #gone(error: Error): void {
    if (!this.#isAway) logger.warn({ err: error }, 'Redis is away: hints stay within this process')
    this.#isAway = true
  }

  #back(): void {
    if (this.#isAway) logger.info('Redis is back')
    this.#isAway = false
  }
}
