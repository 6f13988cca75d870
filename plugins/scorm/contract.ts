/** The edition a package was made for. 2004 editions differ in words only, so far as playing goes. */
export type Edition = '1.2' | '2004-2nd' | '2004-3rd' | '2004-4th'
export type Standard = '1.2' | '2004'

/** Where an item starts: a path inside the package, and what follows it in the address. */
export interface Launch {
  readonly path: string
  /** Query and fragment, with their `?` and `#`, or nothing. */
  readonly suffix: string
}

/** An objective a 2004 item declares; it is seeded for the content to find. */
export interface DeclaredObjective {
  readonly id: string
  readonly primary: boolean
  readonly satisfiedByMeasure: boolean
  readonly minNormalizedMeasure: number
}

/** One entry of the organization's tree, in reading order. Its place in `items` names it everywhere. */
export interface ScormItem {
  readonly identifier: string
  readonly title: string
  readonly depth: number
  readonly visible: boolean
  /** Absent where the item only groups others. */
  readonly launch?: Launch
  /** An asset says nothing for itself: having been opened, it is done. */
  readonly kind?: 'sco' | 'asset'
  /** SCORM 1.2, 0 to 100. */
  readonly masteryScore?: number
  /** As the manifest has it: HH:MM:SS in 1.2, ISO 8601 in 2004. */
  readonly maxTimeAllowed?: string
  readonly timeLimitAction?: string
  readonly dataFromLms?: string
  readonly prerequisites?: string
  /** 2004: completed from this progress measure on, 0 to 1. */
  readonly completionThreshold?: number
  /** 2004: passed from this scaled score on, −1 to 1. */
  readonly scaledPassingScore?: number
  readonly objectives?: readonly DeclaredObjective[]
  /** 2004 roll-up: whether the item counts, and how much its score weighs. */
  readonly countsForCompletion: boolean
  readonly countsForSuccess: boolean
  readonly weight: number
}

/** What is kept of `imsmanifest.xml` with the package version. */
export interface ScormManifest {
  readonly edition: Edition
  readonly standard: Standard
  readonly identifier: string
  readonly title: string
  readonly items: readonly ScormItem[]
}

/** Something the trainer should know though the package was accepted. */
export interface ManifestWarning {
  readonly code: `scorm:${string}`
  readonly values?: Readonly<Record<string, string | number>>
}

/** A file of the archive, as far as reading the manifest needs it. */
export interface ArchiveEntry {
  readonly path: string
  readonly size: number
}
