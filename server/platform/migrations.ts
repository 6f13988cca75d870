import { existsSync, readdirSync } from 'node:fs'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import type { Collection, Db } from 'mongodb'
import { now } from './clock.js'
import { isDuplicateKey, nativeDatabase } from './database.js'

/** One change of stored data. Named by its date; idempotent; never changed once merged. */
export interface Migration {
  readonly id: string
  up(db: Db): Promise<void>
}

interface Done {
  readonly _id: string
  readonly at: Date
}

interface Lock {
  readonly _id: string
  readonly holder: string
  readonly until: Date
}

const lease = 60_000

/** Finds the migrations of these feature folders, ordered by date over all of them. */
export async function findMigrations(
  features: readonly { readonly id: string; readonly path: string }[],
): Promise<Migration[]> {
  const found = await Promise.all(features.map(migrationsIn))
  return found.flat().sort((a, b) => dateOf(a.id).localeCompare(dateOf(b.id)))
}

/** Those that have not run yet. */
export async function waitingMigrations(migrations: readonly Migration[]): Promise<Migration[]> {
  const done = await nativeDatabase().collection<Done>('platform_migrations').find().toArray()
  const ran = new Set(done.map(({ _id }) => _id))
  return migrations.filter(({ id }) => !ran.has(id))
}

/** Until when a process that migrates holds the lock; a time that is past was left by one that died at it. */
export async function migratingUntil(): Promise<Date | undefined> {
  const lock = await nativeDatabase()
    .collection<Lock>('platform_locks')
    .findOne({ _id: 'migrations' })
  return lock?.until
}

/** Runs what has not run yet, once however many processes start. Returns what it ran. */
export async function migrate(migrations: readonly Migration[]): Promise<string[]> {
  const db = nativeDatabase()
  const waiting = await waitingMigrations(migrations)
  if (waiting.length === 0) return []
  const done = db.collection<Done>('platform_migrations')
  return underLock(db, async () => {
    const applied: string[] = []
    for (const { id, up } of waiting) {
      if (await done.findOne({ _id: id })) continue
      await up(db)
      await done.insertOne({ _id: id, at: now() })
      applied.push(id)
    }
    return applied
  })
}

async function migrationsIn(feature: { id: string; path: string }): Promise<Migration[]> {
  const folder = join(feature.path, 'migrations')
  if (!existsSync(folder)) return []
  const files = readdirSync(folder).filter((file) => /\.(ts|js)$/.test(file))
  return Promise.all(
    files.map(async (file) => {
      const loaded = (await import(pathToFileURL(join(folder, file)).href)) as Pick<Migration, 'up'>
      return { id: `${feature.id}:${file.replace(/\.\w+$/, '')}`, up: loaded.up }
    }),
  )
}

const dateOf = (id: string): string => id.split(':')[1] ?? id

async function underLock<T>(db: Db, work: () => Promise<T>): Promise<T> {
  const locks = db.collection<Lock>('platform_locks')
  const holder = randomUUID()
  while (!(await take(locks, holder))) await wait(500)
  const beat = setInterval(() => void take(locks, holder).catch(() => false), lease / 3).unref()
  try {
    return await work()
  } finally {
    clearInterval(beat)
    await locks.deleteOne({ _id: 'migrations', holder })
  }
}

async function take(locks: Collection<Lock>, holder: string): Promise<boolean> {
  const at = now()
  try {
    await locks.updateOne(
      { _id: 'migrations', $or: [{ holder }, { until: { $lt: at } }] },
      { $set: { holder, until: new Date(at.getTime() + lease) } },
      { upsert: true },
    )
    return true
  } catch (error) {
    if (isDuplicateKey(error)) return false
    throw error
  }
}
