import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { RESTORE_MARKER } from '../../store/unfinished-restore.js'
import { flushFolder, writeDurably } from './durable.js'
import { STORE_DATA } from './manifest.js'

const schema = z.strictObject({
  /** The folder, in the data directory, in which all lies that was proven. */
  incoming: z.string(),
  /** The folder that keeps what was there. */
  before: z.string(),
  /** Names at the top of the data directory that give way. */
  replaces: z.array(z.string()),
})

/** One content of a data directory taking the place of another. */
export type Swap = z.infer<typeof schema>

const STORE = dirname(STORE_DATA)
/** What a backup does not hold, and what belongs to restores. */
const STAYS = new Set([STORE, 'tmp', 'cache'])

const isReplaced = (name: string): boolean =>
  !STAYS.has(name) && !/^(restoring|before-restore)-/.test(name)

const markerOf = (dataDir: string): string => join(dataDir, STORE, RESTORE_MARKER)

/** Says that from now on only what is incoming counts; from here a restore goes on, never back. */
export async function beginSwap(
  dataDir: string,
  names: Pick<Swap, 'incoming' | 'before'>,
): Promise<Swap> {
  const replaces = (await readdir(dataDir)).filter(isReplaced)
  const swap: Swap = { ...names, replaces }
  await writeDurably(markerOf(dataDir), JSON.stringify(swap))
  return swap
}

/** The swap that was begun and not finished, if there is one. */
export async function unfinishedSwap(dataDir: string): Promise<Swap | undefined> {
  const marker = markerOf(dataDir)
  if (!existsSync(marker)) return undefined
  return schema.parse(JSON.parse(await readFile(marker, 'utf8')))
}

/** Moves one thing after the other; begun again after a power cut, it goes on where it was. */
export async function* swapSteps(dataDir: string, swap: Swap): AsyncGenerator<string, void> {
  const [incoming, before] = [join(dataDir, swap.incoming), join(dataDir, swap.before)]
  await mkdir(join(before, STORE), { recursive: true, mode: 0o700 })
  for (const name of [...swap.replaces, STORE_DATA])
    if (await moved(join(dataDir, name), join(before, name))) yield name
  await rm(join(dataDir, STORE, 'lock.mdb'), { force: true })
  for (const name of [...(await readdir(incoming)).filter(isReplaced), STORE_DATA])
    if (await moved(join(incoming, name), join(dataDir, name))) yield name
  for (const folder of [before, join(before, STORE), dataDir, join(dataDir, STORE)])
    await flushFolder(folder)
  await rm(markerOf(dataDir))
  await flushFolder(join(dataDir, STORE))
  await rm(incoming, { recursive: true, force: true })
}

/** Moves what has not been moved yet: its new place is still empty. */
async function moved(from: string, to: string): Promise<boolean> {
  if (!existsSync(from) || existsSync(to)) return false
  await rename(from, to)
  return true
}
