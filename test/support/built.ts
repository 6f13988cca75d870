import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type * as Links from '../../server/domain/people/links.js'
import type * as People from '../../server/domain/people/people.js'
import type * as Configuration from '../../server/config.js'
import type * as Server from '../../server/index.js'

/** The built Palier in this process: its pages as a browser gets them, its route table at hand. */
export interface Built {
  readonly url: string
  readonly app: Server.Running['app']
  /** The path of a link that works once, as a mail would bring it. */
  linkFor(purpose: 'reset' | 'invitation' | 'first-administrator', email?: string): Promise<string>
  stop(): Promise<void>
}

/** Starts what `dist/` holds, with the demo institution, on a port and in a folder of its own. */
export async function startBuilt(): Promise<Built> {
  const { run } = await built<typeof Server>('server/index.js')
  const { loadConfig } = await built<typeof Configuration>('server/config.js')
  const { makeLink } = await built<typeof Links>('server/domain/people/links.js')
  const { personByEmail } = await built<typeof People>('server/domain/people/people.js')
  const port = await freePort()
  const url = `http://localhost:${port}`
  const dataDir = mkdtempSync(join(tmpdir(), 'palier-built-'))
  const contentUrl = `http://*.content.localhost:${port}`
  const settings = { port, publicUrl: url, contentUrl, dataDir, logLevel: 'error', demo: true }
  const running = await run(loadConfig(settings), () => undefined)
  return {
    url,
    app: running.app,
    async linkFor(purpose, email) {
      const person = email ? (await personByEmail(email))?._id : undefined
      return new URL(await makeLink(purpose, person)).pathname
    },
    async stop() {
      await running.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

const built = async <T>(file: string): Promise<T> =>
  (await import(pathToFileURL(resolve('dist', file)).href)) as T

const freePort = (): Promise<number> =>
  new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => done(port))
    })
  })
