import { checkElements } from '../../runtime/elements.js'
import { secondsOf, timespan } from '../../runtime/durations.js'
import type { Ledger } from './ledger.js'
import type { Opened, OpenedItem } from './server.js'

type Standard = Opened['standard']

/** What we use of scorm-again: the types it publishes name modules that are not there. */
interface RealApi {
  loadFromJSON(state: object, element: 'cmi'): void
  on(event: string, hear: () => void): void
}

interface Settings {
  readonly lmsCommitUrl: string
  readonly autocommit: boolean
  readonly mastery_override: boolean
  readonly logLevel: 'NONE'
  readonly httpService: {
    updateSettings(): void
    processHttpRequest(url: string, commit: object, final: boolean): object
  }
}

type ApiClass = new (settings: Settings) => RealApi

/** What content does with its API, as the stage needs to know it. */
export interface ApiEvents {
  changed(): void
  /** Content wants its work stored; true where it is. */
  commit(final: boolean): boolean
  initialized(): void
  terminated(): void
  /** 2004: content asks for what comes next (`adl.nav.request`). */
  navigate(request: 'next' | 'previous' | 'exit'): void
}

/** Loads scorm-again's API of a standard: its real one, which content calls without any frame or copy in between. */
export async function loadApi(standard: Standard): Promise<ApiClass> {
  const module: unknown =
    standard === '1.2' ? await import('scorm-again/scorm12') : await import('scorm-again/scorm2004')
  const name = standard === '1.2' ? 'Scorm12API' : 'Scorm2004API'
  return (module as Record<string, ApiClass>)[name] as ApiClass
}

interface Visit {
  readonly standard: Standard
  /** What content finds in `cmi`. */
  readonly seed: object
  readonly ledger: Ledger
  /** Seconds of earlier visits in this launch: the session time content reports starts anew with each. */
  readonly secondsBefore: number
}

/** Makes the API of one visit, seeded, under the name its standard looks for; takes the one before away. */
export function installApi(Api: ApiClass, visit: Visit, events: ApiEvents): void {
  const api = new Api(settingsFor(events))
  api.loadFromJSON(visit.seed, 'cmi')
  const names = visit.standard === '1.2' ? names12 : names2004
  hearValues(api, names.setValue, (element, value) => {
    if (remember(visit, element, value)) events.changed()
  })
  api.on(names.initialize, () => events.initialized())
  api.on(names.terminate, () => events.terminated())
  api.on('SequenceNext', () => events.navigate('next'))
  api.on('SequencePrevious', () => events.navigate('previous'))
  for (const name of ['SequenceExit', 'SequenceExitAll', 'SequenceAbandonAll']) {
    api.on(name, () => events.navigate('exit'))
  }
  removeApi()
  Object.assign(window, { [names.window]: api })
}

/** What content of no standard finds: nothing. */
export function removeApi(): void {
  Object.assign(window, { API: undefined, API_1484_11: undefined })
}

/** The elements of a seed that content may write: what is sent again should the server have lost them. */
export const writableOf = (standard: Standard, { cmi }: OpenedItem): ReadonlyMap<string, string> =>
  checkElements(standard, cmi).values

const names12 = {
  window: 'API',
  initialize: 'LMSInitialize',
  setValue: 'LMSSetValue',
  terminate: 'LMSFinish',
} as const

const names2004 = {
  window: 'API_1484_11',
  initialize: 'Initialize',
  setValue: 'SetValue',
  terminate: 'Terminate',
} as const

/** The transport is ours: scorm-again's own lose commits past 64 KiB, or say "true" too early. */
function settingsFor(events: ApiEvents): Settings {
  return {
    lmsCommitUrl: '/rt/commit',
    autocommit: false,
    mastery_override: true,
    logLevel: 'NONE',
    httpService: {
      updateSettings: () => undefined,
      processHttpRequest: (_url, _commit, final) =>
        events.commit(final)
          ? { result: 'true', errorCode: 0 }
          : { result: 'false', errorCode: 101 },
    },
  }
}

/** Notes each value content set and the API took. */
function hearValues(
  api: RealApi,
  name: 'LMSSetValue' | 'SetValue',
  hear: (element: string, value: string) => void,
): void {
  const methods = api as unknown as Record<string, (element: string, value: unknown) => string>
  const set = methods[name]?.bind(api)
  methods[name] = (element, value) => {
    const result = set?.(element, value) ?? 'false'
    if (String(result) === 'true') hear(String(element), String(value))
    return result
  }
}

function remember(visit: Visit, element: string, value: string): boolean {
  if (!element.startsWith('cmi.')) return false
  const path = element.slice(4)
  const time = visit.standard === '1.2' ? 'core.session_time' : 'session_time'
  visit.ledger.set(path, path === time ? addedUp(visit, value) : value)
  return true
}

function addedUp({ standard, secondsBefore }: Visit, value: string): string {
  const seconds = secondsOf(standard, value)
  if (seconds === undefined || secondsBefore === 0) return value
  return timespan(standard, secondsBefore + seconds)
}
