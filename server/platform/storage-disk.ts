import { createReadStream } from 'node:fs'
import { access, mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { now } from './clock.js'
import type { Place } from './storage.js'

/** Files and packages in folders of their own, which are made where they are missing. */
export async function onDisk(root: string): Promise<Place> {
  for (const folder of ['files', 'packages']) {
    await mkdir(join(root, folder), { recursive: true })
  }
  return {
    keep: (temporary, name) => moveInto(temporary, join(root, name)),
    async sizeOf(name) {
      const info = await stat(join(root, name)).catch(() => undefined)
      return info?.isFile() ? info.size : undefined
    },
    read: (name, part) => createReadStream(join(root, name), part),
    remove: (name) => rm(join(root, name), { recursive: true, force: true }),
    packages: () => packagesIn(join(root, 'packages')),
  }
}

/** A rename is the moment something is there whole; the folder is synced so that it stays after a power cut. */
async function moveInto(temporary: string, place: string): Promise<void> {
  await mkdir(dirname(place), { recursive: true })
  const there = await access(place).then(
    () => true,
    () => false,
  )
  // Whoever removes leftovers sees that it is wanted again.
  if (there) return utimes(place, now(), now())
  await rename(temporary, place).catch((error: NodeJS.ErrnoException) => {
    // Another request unpacked the same archive in the meantime.
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
  })
  const folder = await open(dirname(place), 'r')
  await folder.sync().finally(() => folder.close())
}

async function packagesIn(folder: string): Promise<{ hash: string; since: Date }[]> {
  const found = await Promise.all(
    (await readdir(folder)).map(async (hash) => {
      const info = await stat(join(folder, hash)).catch(() => undefined)
      return info && { hash, since: info.mtime }
    }),
  )
  return found.filter((one) => one !== undefined)
}
