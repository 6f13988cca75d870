import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serve } from '../../../../server/store/server.js'

/** A package's own tests: where they are run, with which program and settings. */
export interface Suite {
  readonly folder: string
  readonly arguments: readonly string[]
  readonly settings?: Readonly<Record<string, string>>
}

/** Runs a package's own tests against a store of their own; gives back the code with which they end. */
export async function runSuite(suiteAt: (address: string) => Suite): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'palier-suite-'))
  const options = { directory, testCommands: true, expireEveryMs: 1000 }
  const store = await serve({ ...options, listen: '127.0.0.1:0' })
  try {
    const { folder, arguments: given, settings = {} } = suiteAt(store.address)
    const child = spawn(process.execPath, given, {
      cwd: folder,
      stdio: 'inherit',
      env: { ...process.env, ...settings },
    })
    return await new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)))
  } finally {
    await store.close()
    rmSync(directory, { recursive: true, force: true })
  }
}
