import { S3Client, S3Errors } from '@bradenmacdonald/s3-lite-client'
import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, join, relative, sep } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { Unavailable } from '../errors.js'
import { randomUUID } from 'node:crypto'
import type { Part, Place } from './storage.js'

/** Files of a package that are sent side by side. */
const lanes = 8

/** Bytes of a large file that are sent, and kept in memory, at once. */
const partSize = 8 * 1024 ** 2

/** Milliseconds after which a bucket that says nothing counts as away. */
const longest = 10_000

/**
 * Files and packages in a bucket, under the names they would have on a disk. What a package is made of arrives file by
 * file: `unpacked/<hash>` says when that began, and when all of it was there.
 */
export function inBucket(address: string): Place {
  const client = clientFor(address)
  return {
    async keep(temporary, name) {
      if ((await stat(temporary)).isDirectory()) return keepPackage(client, temporary, name)
      if ((await sizeOf(client, name)) === undefined) await send(client, temporary, name)
    },
    sizeOf: (name) => sizeOf(client, name),
    read: (name, part) => Readable.from(bytes(client, name, part), { objectMode: false }),
    remove: (name) => remove(client, name),
    packages: () => packages(client),
  }
}

/** Whether a bucket takes, gives, lists and removes what Palier keeps. Throws what it says. */
export async function tryBucket(address: string): Promise<void> {
  const client = clientFor(address)
  const name = `tmp/${randomUUID()}`
  await answered(client.putObject(name, 'Palier'))
  const back = await answered(client.getObject(name))
  if ((await back.text()) !== 'Palier') throw new Error('It gave back something else.')
  await remove(client, name)
}

/** `https://key:secret@host/bucket?region=eu-west-1`. */
function clientFor(address: string): S3Client {
  const { origin, pathname, username, password, host, protocol, searchParams } = new URL(address)
  const bucket = basename(pathname)
  return new S3Client({
    endPoint: origin === 'null' ? `${protocol}//${host}` : origin,
    bucket,
    region: searchParams.get('region') ?? 'us-east-1',
    accessKey: decodeURIComponent(username),
    secretKey: decodeURIComponent(password),
  })
}

async function keepPackage(client: S3Client, folder: string, name: string): Promise<void> {
  const mark = markOf(name)
  const isWhole = (await sizeOf(client, mark)) === whole.length
  // Whoever removes leftovers sees that it is wanted again.
  await answered(client.putObject(mark, isWhole ? whole : begun))
  if (isWhole) return
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  const sendNext = async (): Promise<void> => {
    for (let file = files.pop(); file; file = files.pop()) {
      await send(client, file, `${name}/${relative(folder, file).split(sep).join('/')}`)
    }
  }
  await Promise.all(Array.from({ length: lanes }, sendNext))
  await answered(client.putObject(mark, whole))
}

const begun = 'begun'
const whole = 'all of it is there'
const markOf = (name: string): string => `unpacked/${basename(name)}`

async function send(client: S3Client, file: string, name: string): Promise<void> {
  const { size } = await stat(file)
  const content = Readable.toWeb(createReadStream(file)) as ReadableStream<Uint8Array>
  await client.putObject(keyOf(name), content, { size, partSize }).catch(away)
}

async function sizeOf(client: S3Client, name: string): Promise<number | undefined> {
  const found = await answered(client.statObject(keyOf(name)).catch(unlessAbsent))
  return found?.size
}

async function* bytes(client: S3Client, name: string, part?: Part): AsyncGenerator<Uint8Array> {
  const key = keyOf(name)
  const { body } = await answered(
    part
      ? client.getPartialObject(key, { offset: part.start, length: part.end - part.start + 1 })
      : client.getObject(key),
  )
  if (body) yield* body
}

/** A package's mark goes first: what an interrupted removal leaves is no whole package. */
async function remove(client: S3Client, name: string): Promise<void> {
  await answered(client.deleteObject(markOf(name)).catch(unlessAbsent))
  await answered(client.deleteObject(keyOf(name)).catch(unlessAbsent))
  for await (const { key } of client.listObjects({ prefix: `${keyOf(name)}/` })) {
    await answered(client.deleteObject(key).catch(unlessAbsent))
  }
}

/** Those that were copied here by hand have no mark: their first file tells since when they are there. */
async function packages(client: S3Client): Promise<{ hash: string; since: Date }[]> {
  const since = new Map<string, Date>()
  for await (const { key, lastModified } of client.listObjects({ prefix: 'unpacked/' }))
    since.set(basename(key), lastModified)
  for await (const group of client.listObjectsGrouped({ prefix: 'packages/', delimiter: '/' })) {
    if (group.type !== 'CommonPrefix' || since.has(basename(group.prefix))) continue
    for await (const first of client.listObjects({ prefix: group.prefix, maxResults: 1 }))
      since.set(basename(group.prefix), first.lastModified)
  }
  return [...since].map(([hash, at]) => ({ hash, since: at }))
}

/** A question mark would be taken for the beginning of a query when the request is signed. */
const keyOf = (name: string): string => name.replace(/[%?]/g, encodeURIComponent)

function unlessAbsent(error: unknown): undefined {
  if (error instanceof S3Errors.ServerError && error.statusCode === 404) return undefined
  throw error
}

/** Waits no longer than a visitor would. */
async function answered<T>(asked: Promise<T>): Promise<T> {
  const timer = new AbortController()
  const late = wait(longest, undefined, { signal: timer.signal }).then(() => {
    throw new Error('the bucket does not answer')
  })
  return Promise.race([asked, late])
    .catch(away)
    .finally(() => timer.abort())
}

function away(cause: unknown): never {
  throw new Unavailable('core:files-unavailable', {}, { cause })
}
