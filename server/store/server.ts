import { chmodSync, mkdirSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { Connection } from './connection.js'
import { Executor } from './executor.js'
import { lockDirectory } from './lock.js'
import { Expiry } from './expiry.js'
import { Scheduler } from './scheduler.js'
import { Store, type StoreOptions } from './store.js'

/** Over what a store is served, and how it ends. */
export interface ServeOptions extends StoreOptions {
  /** A path for a unix socket, or `host:port`. */
  readonly listen: string
  /** How often documents are removed whose time is over. */
  readonly expireEveryMs?: number
}

/** A store that is being served. */
export interface RunningStore {
  /** The socket's path, or `host:port` with the port that was given out. */
  readonly address: string
  close(): Promise<void>
}

/** Opens a store and serves it; throws when another process has the directory. */
export async function serve(options: ServeOptions): Promise<RunningStore> {
  mkdirSync(options.directory, { recursive: true, mode: 0o700 })
  const lock = await lockDirectory(options.directory)
  try {
    const store = new Store(options)
    const scheduler = new Scheduler((action) => {
      store.write(action)
    })
    const expiry = new Expiry(store, scheduler, options.expireEveryMs)
    const { server, sockets } = await listen(options.listen, new Executor(store, scheduler))
    store.connections = () => sockets.size
    return {
      address: addressOf(server),
      close: async () => {
        expiry.stop()
        await closeAll(server, sockets)
        await store.close()
        lock.release()
      },
    }
  } catch (error) {
    lock.release()
    throw error
  }
}

interface Listening {
  readonly server: Server
  readonly sockets: Set<Socket>
}

function listen(where: string, executor: Executor): Promise<Listening> {
  const sockets = new Set<Socket>()
  let lastId = 0
  const server = createServer({ noDelay: true }, (socket) => {
    lastId += 1
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    new Connection(socket, lastId, (message, connection, reply) => {
      executor.execute(message, connection, reply)
    })
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(endpoint(where), () => {
      if (isSocketPath(where)) chmodSync(where, 0o600)
      resolve({ server, sockets })
    })
  })
}

/** Tells a socket's path from `host:port`. */
export function isSocketPath(where: string): boolean {
  return where.startsWith('/') || where.startsWith('.')
}

/** The directory's lock is held, so a socket that is there was left by a dead process. */
function endpoint(where: string): { path: string } | { host: string; port: number } {
  if (isSocketPath(where)) {
    rmSync(where, { force: true })
    return { path: where }
  }
  const colon = where.lastIndexOf(':')
  return {
    host: where.slice(0, colon).replace(/^\[|\]$/g, ''),
    port: Number(where.slice(colon + 1)),
  }
}

function addressOf(server: Server): string {
  const address = server.address() as AddressInfo | string
  return typeof address === 'string' ? address : `${address.address}:${String(address.port)}`
}

function closeAll(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve()
    })
    for (const socket of sockets) socket.destroy()
  })
}
