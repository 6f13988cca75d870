import { fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { freePort } from './ports.js'

/** The built Palier as a browser gets it, with what is known of its pages. */
export interface Built {
  readonly url: string
  readonly plugins: readonly string[]
  /** Every page of the live route table; its paths are filled from the subjects' samples and from mailed links. */
  readonly pages: readonly { readonly route: string; readonly paths: readonly string[] }[]
  stop(): Promise<void>
}

/** Starts what `dist/` holds, with the demo institution, in a process, on a port and in a folder of its own. */
export async function startBuilt(): Promise<Built> {
  const dataDir = mkdtempSync(join(tmpdir(), 'palier-built-'))
  const settings = {
    PORT: String(await freePort()),
    DATA_DIR: dataDir,
    NODE_ENV: 'development',
    LOG_LEVEL: 'error',
  }
  const child = fork(resolve('test/support/built-program.mjs'), [], {
    env: { ...process.env, ...settings },
    execArgv: [],
  })
  const ended = new Promise<void>((done) => child.once('exit', () => done()))
  const told = await new Promise<Omit<Built, 'stop'>>((done, fail) => {
    child.once('message', (message) => done(message as Omit<Built, 'stop'>))
    child.once('exit', (code) => fail(new Error(`the built Palier ended with ${code}`)))
  })
  return {
    ...told,
    async stop() {
      child.disconnect()
      await ended
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
