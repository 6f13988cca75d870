import type { Course, Question } from './course.js'
import { interactionOf, type Answered, type Interaction } from './interactions.js'
import { connect, deviceCopy, keepOnDevice, type Lms } from './lms.js'
import { standingOf } from './standing.js'
import { newState, packed, unpacked, type State } from './state.js'

/** What is known of the last saving. */
export type Saved = 'saved' | 'device' | 'unsaved' | 'notes-left'

export interface Session {
  readonly course: Course
  readonly state: State
  /** One of the player's own words, `{name}` replaced by the value of that name. */
  text(key: string, values?: Readonly<Record<string, string | number>>): string
  /** Keeps the state on the device at once, and tells the LMS a moment later. */
  changed(): void
  answered(question: Question, answered: Omit<Answered, 'at'>): void
  tell(interaction: Interaction): void
  onSaved(listener: (saved: Saved) => void): void
}

const quietFor = 800
const allOfIt = 1_000_000

/** Finds the LMS, takes up the learner's state where it was left, and saves from then on. */
export function openSession(course: Course): Session {
  const name = `${course.id}.${course.language}`
  const lms = connect(course.target, name)
  const state = restored(lms, name)
  const saver = saving({ course, state, lms, name })
  const changed = (): void => {
    state.n += 1
    saver.soon()
  }
  const tell = (interaction: Interaction): void => {
    saver.tell(interaction)
    changed()
  }
  return {
    course,
    state,
    text: (key, values) => worded(course.texts[key] ?? key, values),
    changed,
    tell,
    answered: (question, answered) =>
      tell(interactionOf(question, { ...answered, at: new Date() })),
    onSaved: saver.onSaved,
  }
}

interface Saving {
  readonly course: Course
  readonly state: State
  readonly lms: Lms
  readonly name: string
}

interface Saver {
  soon(): void
  tell(interaction: Interaction): void
  onSaved(listener: (saved: Saved) => void): void
}

/** Keeps a copy on the device at each change; the LMS hears of it when all is quiet, hidden or closed. */
function saving({ course, state, lms, name }: Saving): Saver {
  const seconds = clock()
  let listener: (saved: Saved) => void = () => undefined
  let timer = 0
  let over = false
  const keep = (): boolean => keepOnDevice(name, lms.learner, packed(state, allOfIt).text)
  const report = (): void => {
    clearTimeout(timer)
    if (over) return
    const { text, left } = packed(state, lms.room)
    const standing = standingOf(course, state)
    lms.report({ ...standing, place: state.place, suspend: text, seconds: seconds() })
    listener(savedAs(lms, { stored: lms.commit(), here: keep(), left }))
  }
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') report()
  })
  addEventListener('pagehide', () => {
    report()
    if (!over) lms.finish()
    over = true
  })
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) location.reload()
  })
  return {
    soon() {
      keep()
      clearTimeout(timer)
      timer = window.setTimeout(report, quietFor)
    },
    tell: (interaction) => void (over || lms.interaction(interaction)),
    onSaved: (told) => void (listener = told),
  }
}

function worded(text: string, values: Readonly<Record<string, string | number>> = {}): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}

function savedAs(
  { kind }: Lms,
  { stored, here, left }: { stored: boolean; here: boolean; left: number },
): Saved {
  if (kind === 'web') return here ? 'device' : 'unsaved'
  if (!stored) return here ? 'device' : 'unsaved'
  return left > 0 ? 'notes-left' : 'saved'
}

/** The LMS decides which attempt this is; the device may hold a later or fuller copy of the same one. */
function restored({ kind, suspend, learner }: Lms, name: string): State {
  const told = unpacked(suspend)
  const here = unpacked(deviceCopy(name, learner) ?? '')
  if (kind === 'web') return here ?? newState()
  if (!told) return newState()
  return here && here.run === told.run && here.n >= told.n ? here : told
}

/** Seconds during which the page could be seen. */
function clock(): () => number {
  let sum = 0
  let since = performance.now()
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') sum += performance.now() - since
    since = performance.now()
  })
  return () =>
    (sum + (document.visibilityState === 'hidden' ? 0 : performance.now() - since)) / 1000
}
