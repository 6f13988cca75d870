import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** Where, in a store's directory, a restore says that it has begun to replace things. */
export const RESTORE_MARKER = 'restore.json'

/** Thrown where a store is opened in whose place another is being put. */
export class UnfinishedRestore extends Error {
  constructor(directory: string) {
    super(
      `A restore into ${directory} was interrupted; some of it may be old, some new. ` +
        'Finish it with "palier restore --resume".',
    )
  }
}

/** Refuses a store that a restore has not wholly put in its place. */
export function refuseUnfinishedRestore(directory: string): void {
  if (existsSync(join(directory, RESTORE_MARKER))) throw new UnfinishedRestore(directory)
}
