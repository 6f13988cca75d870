import type { Envelope } from './outbox.js'

/** What the server said to a commit, reduced to what the shell does about it. */
export type Answer =
  | {
      readonly kind: 'stored'
      readonly savedAt: string | null
      /** The number of a later commit that came first. */
      readonly overtakenBy?: number
      readonly completion?: string
      readonly success?: string
    }
  | { readonly kind: 'kept'; readonly reason: 'opened-elsewhere' | 'ended' }
  | { readonly kind: 'resend' }
  | { readonly kind: 'reopen' }
  | { readonly kind: 'malformed'; readonly paths: readonly string[] }
  | { readonly kind: 'signed-out' }
  | { readonly kind: 'unreachable' }

export interface OpenedItem {
  readonly sco: number
  readonly title: string
  readonly depth: number
  readonly kind: 'sco' | 'asset'
  readonly visible: boolean
  readonly href: string
  readonly lastSeq: number
  readonly completion: string
  readonly success: string
  readonly cmi: Record<string, unknown>
}

export interface Opened {
  readonly attempt: string
  readonly launch: string
  readonly epoch: number
  readonly standard: '1.2' | '2004'
  readonly mode: 'normal' | 'browse'
  readonly start: number
  readonly savedAt: string | null
  readonly items: readonly OpenedItem[]
}

/** Milliseconds after which an answer that has not come is told as what it is: nothing is saved yet. */
const patience = 3_000
/** A connection that is dead without having said so; slow ones carry what a commit weighs in far less. */
const longestAnswer = 60_000

const headers = { 'Content-Type': 'application/json', Accept: 'application/json' }
/** What browsers let out in all when a page goes away is 64 KiB. */
const keepaliveLimit = 60_000

/** The run-time service of the content host. The token is in the body: beacons carry no headers. */
export class Server {
  token = ''
  /** Whether it was asked and has not answered for a while. */
  isSilent = false
  /** Called when it falls silent. */
  whenSilent: () => void = () => undefined

  /** Claims the epoch of a launch. Undefined while the server is out of reach, `signed-out` when the token is. */
  async open(attempt: string, launch: string): Promise<Opened | 'signed-out' | undefined> {
    try {
      const body = JSON.stringify({ token: this.token, attempt, launch })
      const response = await fetch('/rt/open', { method: 'POST', headers, body })
      if (response.ok) return (await response.json()) as Opened
      return response.status === 401 || response.status === 404 ? 'signed-out' : undefined
    } catch {
      return undefined
    }
  }

  async send(envelope: Envelope): Promise<Answer> {
    const timer = setTimeout(() => {
      this.isSilent = true
      this.whenSilent()
    }, patience)
    try {
      const body = this.#bodyOf(envelope)
      const signal = AbortSignal.timeout(longestAnswer)
      const response = await fetch('/rt/commit', { method: 'POST', headers, body, signal })
      return read(response.status, await response.text())
    } catch {
      return { kind: 'unreachable' }
    } finally {
      clearTimeout(timer)
      this.isSilent = false
    }
  }

  /**
   * Waits for the answer, so that content hears the truth. Browsers refuse it while a page goes away; and to wait for a
   * server that is silent would freeze the page.
   */
  sendAndWait(envelope: Envelope): Answer {
    if (this.isSilent) return { kind: 'unreachable' }
    try {
      const request = new XMLHttpRequest()
      request.open('POST', '/rt/commit', false)
      for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
      request.send(this.#bodyOf(envelope))
      return read(request.status, request.responseText)
    } catch {
      return { kind: 'unreachable' }
    }
  }

  /** Whether a commit is small enough to outlive its page. */
  fits(envelope: Envelope): boolean {
    return new Blob([this.#bodyOf(envelope)]).size < keepaliveLimit
  }

  /** Sends what outlives the page. Its answer comes only if the page does stay. */
  async sendLeaving(envelope: Envelope): Promise<Answer> {
    const body = this.#bodyOf(envelope)
    try {
      const response = await fetch('/rt/commit', { method: 'POST', headers, body, keepalive: true })
      return read(response.status, await response.text())
    } catch {
      navigator.sendBeacon('/rt/commit', new Blob([body], { type: 'text/plain' }))
      return { kind: 'unreachable' }
    }
  }

  #bodyOf(envelope: Envelope): string {
    return JSON.stringify({ token: this.token, ...envelope })
  }
}

interface Said {
  readonly savedAt?: string | null
  readonly superseded?: boolean
  readonly storedSeq?: number
  readonly reason?: string
  readonly kept?: boolean
  readonly completion?: string
  readonly success?: string
  readonly errors?: readonly { readonly path: string }[]
}

function read(status: number, text: string): Answer {
  const said = parsed(text)
  if (status === 200) return stored(said)
  if (status === 401 || status === 404) return { kind: 'signed-out' }
  if (status === 422)
    return { kind: 'malformed', paths: (said.errors ?? []).map(({ path }) => path) }
  if (status !== 409) return { kind: 'unreachable' }
  if (said.kept)
    return { kind: 'kept', reason: said.reason === 'ended' ? 'ended' : 'opened-elsewhere' }
  return { kind: said.reason === 'reopen' ? 'reopen' : 'resend' }
}

const stored = ({ savedAt = null, superseded, storedSeq, completion, success }: Said): Answer => ({
  kind: 'stored',
  savedAt,
  ...(superseded && storedSeq !== undefined && { overtakenBy: storedSeq }),
  ...(completion && { completion }),
  ...(success && { success }),
})

function parsed(text: string): Said {
  try {
    return JSON.parse(text) as Said
  } catch {
    return {}
  }
}
