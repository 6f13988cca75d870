import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startStore, type RunningStoreProcess } from '../../../../server/store/launcher.js'

/** A store in a directory of its own, which goes when it stops. */
export interface TestStore {
  readonly uri: string
  readonly directory: string
  readonly process: RunningStoreProcess
  stop(): Promise<void>
}

/** Starts a store of its own for a test. */
export async function startTestStore(testCommands = false): Promise<TestStore> {
  const directory = mkdtempSync(join(tmpdir(), 'palier-store-'))
  const process = await startStore({ dataDir: directory, testCommands })
  return {
    uri: process.uri,
    directory,
    process,
    stop: async () => {
      await process.stop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
