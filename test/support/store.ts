import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'

/** A store that several processes use, with the demo institution in it. */
export interface SharedStore {
  /** Settings by which a process uses it, and the data folder that goes with it. */
  readonly env: Readonly<Record<string, string>>
  stop(): Promise<void>
}

const program = resolve('server/cli/palier.mjs')

/** Starts `palier store` in a process and a folder of its own. */
export async function startSharedStore(): Promise<SharedStore> {
  const dataDir = mkdtempSync(join(tmpdir(), 'palier-shared-'))
  const child = spawn(process.execPath, [program, 'store', '--data', join(dataDir, 'store')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((done) => child.once('exit', () => done()))
  const uri = await new Promise<string>((done, fail) => {
    createInterface(child.stdout).once('line', done)
    void ended.then(() => fail(new Error('the store ended before it answered')))
  })
  const env = {
    MONGODB_URI: uri.replace('/?', '/palier?'),
    DATA_DIR: dataDir,
    NODE_ENV: 'development',
  }
  const { status, stderr } = spawnSync(process.execPath, [program, 'seed'], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`the demo institution could not be loaded:\n${stderr}`)
  return {
    env,
    async stop() {
      child.kill('SIGTERM')
      await ended
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
