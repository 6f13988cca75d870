import type { Target } from './course.js'
import { scorm12, scorm2004, timespan12, timespan2004, type Interaction } from './interactions.js'

/** What the course tells about itself, in no standard's words. */
export interface Standing {
  readonly place: string
  readonly suspend: string
  readonly seconds: number
  /** Share of the course that is done, 0 to 1. */
  readonly progress: number
  readonly completed: boolean
  readonly passed: boolean | undefined
  /** Best result of the test, 0 to 100. */
  readonly score: number | undefined
}

/** Where results go. Nothing here throws: a course goes on when its LMS does not answer. */
export interface Lms {
  readonly kind: Target
  readonly learner: string
  readonly suspend: string
  /** How many characters of suspend data are safe here. */
  readonly room: number
  report(standing: Standing): void
  interaction(interaction: Interaction): void
  /** Whether the LMS says it has stored everything. */
  commit(): boolean
  /** Ends the session for now; the learner comes back to the same place. */
  finish(): boolean
}

type Api = Readonly<Record<string, ((...values: string[]) => unknown) | undefined>>
type Holder = Window & { readonly API?: Api; readonly API_1484_11?: Api }

/** The LMS that opened this page, or the device where there is none. */
export function connect(target: Target, course: string): Lms {
  const wanted =
    target === 'scorm12' ? (['API', 'API_1484_11'] as const) : (['API_1484_11', 'API'] as const)
  for (const name of target === 'web' ? [] : wanted) {
    const api = findApi(name)
    const lms = api && (name === 'API' ? over12(api) : over2004(api))
    if (lms) return lms
  }
  return onDevice(course)
}

/** The search both standards describe: this window and its parents, then the opener and its parents. */
function findApi(name: 'API' | 'API_1484_11'): Api | undefined {
  const fromHere = searched(window as Holder, name)
  return fromHere ?? (window.opener ? searched(window.opener as Holder, name) : undefined)
}

function searched(start: Holder, name: 'API' | 'API_1484_11'): Api | undefined {
  let place = start
  for (let climbed = 0; climbed < 500; climbed += 1) {
    try {
      const api = place[name]
      if (api) return api
    } catch {
      return undefined
    }
    if (place.parent === place) return undefined
    place = place.parent as Holder
  }
  return undefined
}

type Call = (name: string, ...values: string[]) => string

const caller =
  (api: Api): Call =>
  (name, ...values) => {
    try {
      return String(api[name]?.(...values) ?? '')
    } catch {
      return ''
    }
  }

/** Leaves alone what has not changed: every SetValue costs something somewhere. */
function setter(
  set: (element: string, value: string) => void,
): (element: string, value: string) => void {
  const told = new Map<string, string>()
  return (element, value) => {
    if (told.get(element) === value) return
    told.set(element, value)
    set(element, value)
  }
}

function over12(api: Api): Lms | undefined {
  const call = caller(api)
  if (call('LMSInitialize', '') !== 'true') return undefined
  const get = (element: string): string => call('LMSGetValue', element)
  const readOnly = ['browse', 'review'].includes(get('cmi.core.lesson_mode'))
  const set = setter((element, value) => {
    if (!readOnly) call('LMSSetValue', element, value)
  })
  let next = Number(get('cmi.interactions._count')) || 0
  return {
    kind: 'scorm12',
    learner: get('cmi.core.student_id'),
    suspend: get('cmi.suspend_data'),
    room: 4096,
    report(standing) {
      set('cmi.core.lesson_location', standing.place.slice(0, 255))
      set('cmi.suspend_data', standing.suspend)
      set('cmi.core.lesson_status', status12(standing))
      set('cmi.core.session_time', timespan12(standing.seconds))
      if (standing.score === undefined) return
      set('cmi.core.score.min', '0')
      set('cmi.core.score.max', '100')
      set('cmi.core.score.raw', String(standing.score))
    },
    interaction(interaction) {
      const n = next
      next += 1
      for (const [field, value] of scorm12(interaction))
        set(`cmi.interactions.${n}.${field}`, value)
    },
    commit: () => call('LMSCommit', '') === 'true',
    finish() {
      set('cmi.core.exit', 'suspend')
      return call('LMSFinish', '') === 'true'
    },
  }
}

function status12({ completed, passed }: Standing): string {
  if (completed) return passed === undefined ? 'completed' : 'passed'
  return passed === false ? 'failed' : 'incomplete'
}

function over2004(api: Api): Lms | undefined {
  const call = caller(api)
  if (call('Initialize', '') !== 'true') return undefined
  const get = (element: string): string => call('GetValue', element)
  const readOnly = ['browse', 'review'].includes(get('cmi.mode'))
  const set = setter((element, value) => {
    if (!readOnly) call('SetValue', element, value)
  })
  let next = Number(get('cmi.interactions._count')) || 0
  return {
    kind: 'scorm2004',
    learner: get('cmi.learner_id'),
    suspend: get('cmi.suspend_data'),
    room: 63_000,
    report({ place, suspend, seconds, progress, completed, passed, score }) {
      set('cmi.location', place.slice(0, 1000))
      set('cmi.suspend_data', suspend)
      set('cmi.session_time', timespan2004(seconds))
      set('cmi.progress_measure', String(Math.round(progress * 1000) / 1000))
      set('cmi.completion_status', completed ? 'completed' : 'incomplete')
      if (passed !== undefined) set('cmi.success_status', passed ? 'passed' : 'failed')
      if (score !== undefined) for (const [field, value] of score2004(score)) set(field, value)
    },
    interaction(interaction) {
      const n = next
      next += 1
      for (const [field, value] of scorm2004(interaction))
        set(`cmi.interactions.${n}.${field}`, value)
    },
    commit: () => call('Commit', '') === 'true',
    finish() {
      set('cmi.exit', 'suspend')
      return call('Terminate', '') === 'true'
    },
  }
}

const score2004 = (score: number): [string, string][] => [
  ['cmi.score.min', '0'],
  ['cmi.score.max', '100'],
  ['cmi.score.raw', String(score)],
  ['cmi.score.scaled', String(score / 100)],
]

/** A plain page has no LMS: the session keeps everything on the device anyway. */
function onDevice(course: string): Lms {
  return {
    kind: 'web',
    learner: 'here',
    suspend: deviceCopy(course, 'here') ?? '',
    room: 1_000_000,
    report: () => undefined,
    interaction: () => undefined,
    commit: () => true,
    finish: () => true,
  }
}

const deviceKey = (course: string, learner: string): string => `palier.${course}.${learner}`

/** The copy this device holds, where storage is allowed. */
export function deviceCopy(course: string, learner: string): string | undefined {
  try {
    return localStorage.getItem(deviceKey(course, learner)) ?? undefined
  } catch {
    return undefined
  }
}

/** Whether this device could keep a copy. */
export function keepOnDevice(course: string, learner: string, text: string): boolean {
  try {
    localStorage.setItem(deviceKey(course, learner), text)
    return true
  } catch {
    return false
  }
}
