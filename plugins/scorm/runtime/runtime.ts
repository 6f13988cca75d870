import type { Standard } from '../contract.js'
import type { Result } from './results.js'

/** One applied commit, as the history of its launch keeps it: enough to answer it again, and to trace it. */
export interface CommitEntry {
  readonly commitId: string
  readonly hash: string
  readonly sco: number
  readonly seq: number
  readonly at: Date
  readonly size: number
  readonly status?: string
  readonly score?: string
  readonly location?: string
  readonly address: string
  /** Elements that were well-formed and left aside. */
  readonly ignored?: readonly string[]
}

/** What one launch did to one item. */
export interface LaunchedSco {
  readonly lastSeq: number
  /** Latest session time it reported, already capped by the wall clock. */
  readonly seconds: number
}

/** One opening of the player: a device, an epoch, the sequence it has reached per item. */
export interface Launch {
  /** The UUID its shell made. */
  readonly id: string
  readonly epoch: number
  readonly openedAt: Date
  readonly lastAt: Date
  readonly closedAt?: Date
  readonly applied: number
  readonly launchSeq: number
  readonly scos: Readonly<Record<string, LaunchedSco>>
  readonly commits: readonly CommitEntry[]
}

/** Kept state of one item; by its place in the manifest, never by its identifier. */
export interface Sco {
  /** `serialise`d elements. */
  readonly cmi: string
  /** Whether the last visit ended by its own word (Terminate). */
  readonly final: boolean
  readonly result: Result
  readonly savedAt: Date
}

export type Scos = Readonly<Record<string, Sco>>

/** State of a launch that was replaced, until it is moved to a document of its own. */
export interface Closing {
  readonly epoch: number
  readonly scos: Scos
  readonly at: Date
}

/** Everything one attempt has stored. One document: each decision about it is one atomic update. */
export interface Runtime {
  /** The attempt's id. */
  readonly _id: string
  readonly person: string
  readonly version: string
  readonly standard: Standard
  /** Raised by every update; each one's filter holds the one it read. */
  readonly revision: number
  readonly epoch: number
  /** Present while a launch is open. */
  readonly live?: true
  readonly endedAt?: Date
  readonly savedAt?: Date
  readonly scos: Scos
  readonly launches: readonly Launch[]
  /** Seconds of launches no longer listed, per item. */
  readonly secondsBefore: Readonly<Record<string, number>>
  readonly sequencing?: string
  readonly objectives?: string
  readonly shared?: string
  readonly closings?: readonly Closing[]
  readonly owed?: readonly string[]
}

/** A commit whose envelope and elements were checked. */
export interface Commit {
  readonly attempt: string
  readonly launch: string
  readonly epoch: number
  readonly sco: number
  readonly seq: number
  readonly baseSeq: number
  readonly commitId: string
  readonly final: boolean
  readonly values: ReadonlyMap<string, string>
  readonly ignored: readonly string[]
  readonly launchSeq: number
  readonly sequencing?: string
  readonly objectives?: string
  readonly shared?: string
  /** Of all that was sent but the token. */
  readonly hash: string
  readonly size: number
}

/** The launch that holds the attempt now, if it was ever opened. */
export const currentLaunch = ({ launches, epoch }: Runtime): Launch | undefined =>
  launches.find((launch) => launch.epoch === epoch)

/** Seconds spent in one item over all launches: the server's own sum. */
export function totalSeconds({ launches, secondsBefore }: Runtime, sco: string): number {
  const now = launches.reduce((sum, launch) => sum + (launch.scos[sco]?.seconds ?? 0), 0)
  return (secondsBefore[sco] ?? 0) + now
}
