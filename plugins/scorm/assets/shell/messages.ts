/** What the player's page and the shell in its frame tell each other: nothing that a course could not be let hear. */
export type FromShell =
  | { readonly type: 'ready' }
  | { readonly type: 'renew' }
  /** The reader asks, by keyboard, to be let out of the content. */
  | { readonly type: 'out' }
  /** All there was to save is saved, or surely kept here: the page may go. */
  | { readonly type: 'left' }
  | { readonly type: 'opened'; readonly sco: number; readonly items: readonly ItemState[] }
  | { readonly type: 'saved'; readonly state: SavedState; readonly at: string | null }
  | { readonly type: 'finished'; readonly next: number | null }
  | { readonly type: 'stopped'; readonly reason: 'opened-elsewhere' | 'ended' }

export type ToShell =
  | { readonly type: 'token'; readonly attempt: string; readonly token: string }
  | { readonly type: 'play'; readonly sco: number }
  | { readonly type: 'leave' }

/**
 * `ready`: nothing has been said yet. `waiting`: not saved yet, kept on this device. `unkept`: nor that, for want of a place to keep it.
 * `partly`: saved, but for what the content sent in a form that cannot be stored.
 */
export type SavedState =
  'ready' | 'saved' | 'partly' | 'saving' | 'waiting' | 'unkept' | 'signed-out' | 'preview'

export interface ItemState {
  readonly sco: number
  readonly completion: string
  readonly success: string
}

const fromShell = new Set([
  'ready',
  'renew',
  'out',
  'left',
  'opened',
  'saved',
  'finished',
  'stopped',
])
const toShell = new Set(['token', 'play', 'leave'])

/** Lets through only messages of a known type, from the one window and origin expected, twenty a second at most. */
export function listen<M extends FromShell | ToShell>(
  expected: { origin: string; source: () => Window | null; direction: 'from-shell' | 'to-shell' },
  receive: (message: M) => void,
): () => void {
  const known = expected.direction === 'from-shell' ? fromShell : toShell
  let second = 0
  let count = 0
  const handle = ({ origin, source, data }: MessageEvent<unknown>): void => {
    if (origin !== expected.origin || source !== expected.source()) return
    if (typeof data !== 'object' || data === null) return
    const type: unknown = (data as { type?: unknown }).type
    if (typeof type !== 'string' || !known.has(type)) return
    const now = Math.floor(performance.now() / 1000)
    count = now === second ? count + 1 : 1
    second = now
    if (count <= 20) receive(data as M)
  }
  window.addEventListener('message', handle)
  return () => window.removeEventListener('message', handle)
}
