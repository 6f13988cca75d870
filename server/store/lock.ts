import { closeSync, openSync, renameSync, rmSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { join } from 'node:path'

/** The longest path that a unix socket's address holds. */
export const MAX_SOCKET_PATH = 107
const ANSWER_MS = 1000

/** Thrown when another process serves the same directory. */
export class DirectoryInUse extends Error {
  constructor(directory: string, owner: string) {
    super(`The data directory ${directory} is in use by process ${owner}. Stop it first.`)
  }
}

/** A directory that this process alone may open, until it lets go or ends. */
export interface DirectoryLock {
  release(): void
}

/** Takes a directory for this process; throws a DirectoryInUse that names the process holding it. */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  const descriptor = openSync(directory, 'r')
  const path = shortPath(directory, descriptor)
  try {
    const server = await take(directory, path)
    return {
      release: () => {
        server.close()
        closeSync(descriptor)
      },
    }
  } catch (error) {
    closeSync(descriptor)
    throw error
  }
}

/** A deep directory is reached through its open descriptor, whose path is short. */
function shortPath(directory: string, descriptor: number): string {
  const path = join(directory, 'lock')
  const isShort = Buffer.byteLength(path) + 16 <= MAX_SOCKET_PATH
  return isShort ? path : `/proc/self/fd/${String(descriptor)}/lock`
}

async function take(directory: string, path: string): Promise<Server> {
  const server = await bind(path)
  if (server !== undefined) return server
  const owner = await ask(path)
  if (owner !== undefined) throw new DirectoryInUse(directory, owner)
  await setAside(directory, path)
  const second = await bind(path)
  if (second === undefined) throw new DirectoryInUse(directory, (await ask(path)) ?? 'unknown')
  return second
}

/** Removes what a dead process left, unless a living one has taken its place meanwhile. */
async function setAside(directory: string, path: string): Promise<void> {
  const aside = `${path}.${String(process.pid)}`
  try {
    renameSync(path, aside)
  } catch {
    return
  }
  const owner = await ask(aside)
  if (owner === undefined) rmSync(aside, { force: true })
  else {
    renameSync(aside, path)
    throw new DirectoryInUse(directory, owner)
  }
}

function bind(path: string): Promise<Server | undefined> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.end(String(process.pid))
  }).unref()
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined)
      else reject(error)
    })
    server.listen(path, () => {
      resolve(server)
    })
  })
}

/** The process that answers on a lock's socket; undefined when none does. */
function ask(path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(path)
    let answer = ''
    socket.setTimeout(ANSWER_MS, () => {
      socket.destroy()
      resolve('unknown')
    })
    socket.on('data', (chunk) => (answer += chunk.toString()))
    socket.on('end', () => {
      resolve(answer)
    })
    socket.on('error', () => {
      resolve(undefined)
    })
  })
}
