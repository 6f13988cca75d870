/** What is kept of a learner's way through the course, in LMS and on the device. */
export interface State {
  /** Which attempt this belongs to: a copy on the device of another attempt is never taken for it. */
  readonly run: string
  /** Counts changes: the higher of two copies of one attempt is the later one. */
  n: number
  place: string
  readonly seen: Set<string>
  /** By key: letters for what is chosen or ordered, the text for what is typed, 1–4 for a rating. */
  readonly answers: Map<string, string>
  readonly ticks: Map<string, string>
  readonly notes: Map<string, string>
  test?: TestState
  tries: number
  best: number
  /** Decisions in the case: a letter each, `>` where the story went on by itself. */
  path: string
  ended: boolean
}

export interface TestState {
  readonly drawn: readonly string[]
  readonly given: Map<string, string>
  at: number
  done: boolean
}

interface Packed {
  v: 1
  r: string
  n: number
  p: string
  s: string
  a: Record<string, string>
  k: Record<string, string>
  t?: [drawn: string, given: Record<string, string>, at: number, done: 0 | 1]
  x: [tries: number, best: number]
  c: [path: string, ended: 0 | 1]
  o: Record<string, string>
}

export function newState(): State {
  return {
    run: Math.random().toString(36).slice(2, 8),
    n: 0,
    place: '',
    seen: new Set(),
    answers: new Map(),
    ticks: new Map(),
    notes: new Map(),
    tries: 0,
    best: 0,
    path: '',
    ended: false,
  }
}

/** Packs the state into at most `limit` characters; notes that do not fit are left out and counted. */
export function packed(state: State, limit: number): { text: string; left: number } {
  const notes = [...state.notes]
  for (let kept = notes.length; kept >= 0; kept -= 1) {
    const text = JSON.stringify({ ...pack(state), o: Object.fromEntries(notes.slice(0, kept)) })
    if (text.length <= limit || kept === 0) return { text, left: notes.length - kept }
  }
  return { text: '', left: notes.length }
}

function pack({ test, ...state }: State): Packed {
  return {
    v: 1,
    r: state.run,
    n: state.n,
    p: state.place,
    s: [...state.seen].join(''),
    a: Object.fromEntries(state.answers),
    k: Object.fromEntries(state.ticks),
    ...(test
      ? { t: [test.drawn.join(''), Object.fromEntries(test.given), test.at, test.done ? 1 : 0] }
      : {}),
    x: [state.tries, state.best],
    c: [state.path, state.ended ? 1 : 0],
    o: {},
  }
}

/** Reads what `packed` wrote; nothing when it is something else or was cut short. */
export function unpacked(text: string): State | undefined {
  try {
    const kept = JSON.parse(text) as Packed
    return kept.v === 1 ? unpack(kept) : undefined
  } catch {
    return undefined
  }
}

function unpack({ t, ...kept }: Packed): State {
  return {
    run: kept.r,
    n: kept.n,
    place: kept.p,
    seen: new Set(threes(kept.s)),
    answers: new Map(Object.entries(kept.a)),
    ticks: new Map(Object.entries(kept.k)),
    notes: new Map(Object.entries(kept.o)),
    ...(t
      ? {
          test: {
            drawn: threes(t[0]),
            given: new Map(Object.entries(t[1])),
            at: t[2],
            done: t[3] === 1,
          },
        }
      : {}),
    tries: kept.x[0],
    best: kept.x[1],
    path: kept.c[0],
    ended: kept.c[1] === 1,
  }
}

const threes = (text: string): string[] => text.match(/.{3}/gs) ?? []
