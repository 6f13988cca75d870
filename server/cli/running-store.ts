import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { socketPathFor, uriFor } from '../store/launcher.js'

/** The address of the embedded store that a running Palier keeps on this data folder, if one does. */
export async function runningStore(dataDir: string): Promise<string | undefined> {
  const path = socketPathFor(join(dataDir, 'store'))
  return existsSync(path) && (await listens({ path })) ? uriFor(path) : undefined
}

/** Whether something takes connections there. */
export const listens = (where: { host: string; port: number } | { path: string }) =>
  new Promise<boolean>((done) => {
    const socket = connect(where, () => {
      socket.destroy()
      done(true)
    })
    socket.setTimeout(2000, () => socket.destroy(new Error('it does not answer')))
    socket.once('error', () => done(false))
  })
