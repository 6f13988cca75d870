import { buffer } from 'node:stream/consumers'
import { Invalid } from '../../errors.js'
import { storage } from '../../platform/storage.js'
import type { PackageArchive } from './contract.js'

/** An unpacked package as handlers read it: one file at a time, none larger than they can bear. */
export const archiveOf = (hash: string, entries: PackageArchive['entries']): PackageArchive => ({
  entries,
  read: async (path, limit) => {
    const file = await storage.openPackageFile(hash, path)
    if (!file) throw refusal('packages:file-missing', { name: path })
    if (file.size > limit) {
      throw refusal('packages:file-too-large', { name: path, megabytes: Math.ceil(limit / 1e6) })
    }
    return buffer(file.stream())
  },
})

const refusal = (code: string, values: Readonly<Record<string, string | number>>): Invalid =>
  new Invalid(code, { values, errors: [{ path: 'package', code, values }] })
