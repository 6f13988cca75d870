import type { Actor, Id, Name } from '../../kernel/contract.js'
import type { Assurance } from '../competencies/contract.js'
import type { Activity, Attempt, Course } from './models.js'
import type { PackageVersion } from './package-models.js'

/** An archive that was unpacked: what it holds, and how to read it. */
export interface PackageArchive {
  readonly entries: readonly { readonly path: string; readonly size: number }[]
  /** One file whole. Throws `Invalid('packages:file-too-large')` beyond `limit` bytes. */
  read(path: string, limit: number): Promise<Uint8Array>
}

/** What a trainer is told of an imported package. */
export interface ImportReport {
  /** The standard's own name and edition. */
  readonly standard: string
  readonly title: string
  readonly items: readonly {
    readonly title: string
    readonly depth: number
    readonly launch?: string
    /** 0 to 100. */
    readonly masteryScore?: number
  }[]
  readonly launchFiles: readonly string[]
  readonly files: number
  readonly bytes: number
  /** Codes whose texts are `<owner>:warnings.<name>`. */
  readonly warnings: readonly {
    readonly code: Name
    readonly values?: Readonly<Record<string, string | number>>
  }[]
}

/** One visit of the player page. A preview belongs to no enrolment and nothing of it is kept. */
export interface Play {
  readonly actor: Actor
  readonly attempt: Pick<Attempt, '_id' | 'person' | 'course' | 'activity'>
  readonly activity: Activity
  readonly course: Course
  readonly version: PackageVersion
  readonly preview: boolean
}

/** What a handler puts on the player page. */
export interface PlayerPage {
  readonly view: Name
  /** On the content host. */
  readonly launchUrl: string
  /** Bound to the attempt: what the content's transport shows. */
  readonly token: string
  /** Whatever the view shows beside it, as `l.shown.player`. */
  readonly frame: Readonly<Record<string, unknown>>
}

/** A kind of package: SCORM first; cmi5, H5P, a video or a quiz are the same three functions. */
export interface PackageHandler {
  readonly id: Name
  recognises(archive: Pick<PackageArchive, 'entries'>): boolean
  /** Throws `Invalid` with a code of the handler's own, in words that say what to do. */
  inspect(archive: PackageArchive): Promise<{
    readonly report: ImportReport
    readonly manifest: Readonly<Record<string, unknown>>
  }>
  player(play: Play): Promise<PlayerPage>
}

/** How far an attempt has come, in words common to every kind of activity. */
export interface Progress {
  readonly completion: 'not-attempted' | 'incomplete' | 'completed' | 'unknown'
  readonly success: 'passed' | 'failed' | 'unknown'
  /** −1 to 1 where scaled; the rest as the content counts. */
  readonly score?: {
    readonly scaled?: number
    readonly raw?: number
    readonly min?: number
    readonly max?: number
  }
  /** Seconds spent, in all visits of the attempt. */
  readonly seconds: number
  readonly savedAt: Date
  readonly assurance: Assurance
  /** Where the content was left, where it says so: at which place, in which visit, there since which one. */
  readonly bookmark?: { readonly place: string; readonly visit: number; readonly since?: number }
  /** Parts of the content, where it has several. */
  readonly items?: readonly {
    readonly title: string
    readonly completion: Progress['completion']
    readonly success: Progress['success']
    readonly seconds: number
  }[]
}

/** What a question asks for, as SCORM 2004, cmi5 and xAPI name it. */
export const questionKinds = [
  'true-false',
  'choice',
  'fill-in',
  'long-fill-in',
  'matching',
  'performance',
  'sequencing',
  'likert',
  'numeric',
  'other',
] as const

/** An answer to a question of some content, in words common to every kind of package. */
export interface Answer {
  /** What the content calls the question: the same for everybody who meets it in a package version. */
  readonly question: string
  readonly kind: (typeof questionKinds)[number]
  /** Its wording; where the content does not tell it, its name in readable form. */
  readonly text: string
  /** The part of the content it belongs to, where there are several. */
  readonly part?: string
  /** Options chosen, pairs as `a → b`, steps in order; or the number or the words themselves. */
  readonly given: readonly string[]
  /** What would have been right, in the same form: one list for each way to be right. */
  readonly right: readonly (readonly string[])[]
  /** How far it is right, 0 to 1. Absent where the content does not judge. */
  readonly share?: number
  readonly seconds?: number
}

declare module '../../kernel/contract.js' {
  interface Contributions {
    packages: PackageHandler
  }

  interface Events {
    'learning:enrolled': { person: Id; course: Id; enrolment: Id }
    'learning:completed': {
      person: Id
      course: Id
      enrolment: Id
      completion: Id
      cycle: number
    }
  }
}
