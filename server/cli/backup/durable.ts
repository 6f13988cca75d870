import { open, readdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Names that were given or taken in a folder are on the disk when this returns. */
export async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  await handle.sync().finally(() => handle.close())
}

/** The same for a folder and all below it; what is in the files was flushed as they were written. */
export async function flushFolders(top: string): Promise<void> {
  for (const entry of await readdir(top, { recursive: true, withFileTypes: true }))
    if (entry.isDirectory()) await flushFolder(join(entry.parentPath, entry.name))
  await flushFolder(top)
}

/** Writes a file that is there whole, and on the disk, or not at all. */
export async function writeDurably(path: string, text: string): Promise<void> {
  await writeFile(`${path}.partial`, text, { mode: 0o600, flush: true })
  await rename(`${path}.partial`, path)
  await flushFolder(dirname(path))
}
