import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** What a store's process did to its disk and said to its clients, in that order. */
export type Event =
  | {
      readonly kind: 'write'
      readonly at: number
      readonly bytes: Buffer
      /** It is on disk when the call returns. */
      readonly isSynced: boolean
    }
  | { readonly kind: 'sync' }
  | { readonly kind: 'reply'; readonly to: readonly number[] }

const CALLS = 'pwrite64,pwritev,write,writev,lseek,fdatasync,fsync,openat'
const OP_MSG = 2013

/** Whether system calls can be watched here. */
export function canTrace(): boolean {
  return spawnSync('strace', ['-qq', '-o', '/dev/null', 'true']).status === 0
}

/** A store whose system calls are written down. */
export interface TracedStore {
  readonly port: number
  /** Ends it at once and gives back what it did. */
  end(): Promise<readonly Event[]>
}

/** Starts a store that serves a directory on a port of its own, and watches it. */
export async function startTraced(directory: string): Promise<TracedStore> {
  const trace = join(directory, 'trace')
  const main = fileURLToPath(new URL('../../../../server/store/main.ts', import.meta.url))
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
  const watched = ['-f', '-qq', '-xx', '-v', '-s', '100000000', '-e', `trace=${CALLS}`, '-o', trace]
  const orders = { directory: join(directory, 'data'), listen: '127.0.0.1:0' }
  const child = spawn('strace', [...watched, process.execPath, '--import', tsx, main], {
    env: { ...process.env, PALIER_STORE: JSON.stringify(orders) },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const [answer] = (await once(child, 'message')) as [{ address: string }]
  return {
    port: Number(answer.address.split(':').at(-1)),
    end: async () => {
      await stop(child)
      return parseTrace(readFileSync(trace, 'latin1'))
    },
  }
}

/** The store ends when its parent lets go of it, and strace with it. */
async function stop(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit')
  child.disconnect()
  await ended
}

/** Puts the two halves of calls together that another thread interrupted. */
function* wholeLines(text: string): Generator<string> {
  const begun = new Map<string, string>()
  for (const line of text.split('\n')) {
    const [, thread = '', call = ''] = /^(\d+)\s+(.*)$/.exec(line) ?? []
    const rest = /^<\.\.\. \w+ resumed>(.*)$/.exec(call)?.[1]
    if (call.endsWith('<unfinished ...>')) begun.set(thread, call.slice(0, -16))
    else yield rest === undefined ? call : `${(begun.get(thread) ?? '').trimEnd()}${rest}`
  }
}

/** What is known of the files while the trace is read. */
class Files {
  /** Descriptors of the data file, and whether what is written by them is on disk at once. */
  readonly data = new Map<string, boolean>()
  readonly positions = new Map<string, number>()

  opened(call: string): void {
    const [, path = '', flags = '', descriptor = ''] =
      /^openat\(AT_FDCWD, "([^"]*)", ([A-Z_|]+).*\)\s+= (\d+)$/.exec(call) ?? []
    const isData = bytesOf(path).toString().endsWith('data.mdb') && !flags.includes('O_RDONLY')
    if (isData) this.data.set(descriptor, flags.includes('O_DSYNC'))
  }
}

function parseTrace(text: string): Event[] {
  const files = new Files()
  return [...wholeLines(text)].flatMap((call) => eventsOf(call, files))
}

function eventsOf(call: string, files: Files): Event[] {
  const [, name = '', descriptor = ''] = /^(\w+)\((\w+)/.exec(call) ?? []
  if (name === 'openat') files.opened(call)
  const isSynced = files.data.get(descriptor)
  const result = Number(/\)\s+= (-?\d+)/.exec(call)?.[1] ?? -1)
  if (isSynced === undefined) return repliesOf(name, call)
  if (result < 0) return []
  if (name === 'lseek') files.positions.set(descriptor, result)
  if (name === 'fdatasync' || name === 'fsync') return [{ kind: 'sync' }]
  if (!name.includes('write')) return []
  const bytes = Buffer.concat(stringsOf(call)).subarray(0, result)
  const at = name.startsWith('p')
    ? Number(/, (\d+)\)\s+= /.exec(call)?.[1])
    : (files.positions.get(descriptor) ?? 0)
  files.positions.set(descriptor, at + result)
  return [{ kind: 'write', at, bytes, isSynced }]
}

/** The requests that are answered by what is written to a socket. */
function repliesOf(name: string, call: string): Event[] {
  if (name !== 'write' && name !== 'writev') return []
  const to = stringsOf(call)
    .filter((bytes) => bytes.length >= 16 && bytes.readInt32LE(12) === OP_MSG)
    .map((bytes) => bytes.readInt32LE(8))
  return to.length > 0 ? [{ kind: 'reply', to }] : []
}

function stringsOf(call: string): Buffer[] {
  return [...call.matchAll(/"((?:\\x[0-9a-f]{2})*)"/g)].map(([, hex = '']) => bytesOf(hex))
}

function bytesOf(hex: string): Buffer {
  return Buffer.from(hex.replaceAll('\\x', ''), 'hex')
}
