import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AppError } from '../../errors.js'
import type { Id } from '../../kernel/contract.js'
import { logger } from '../../kernel/logger.js'
import { systemActor } from '../people/access.js'
import { importPackage, type Upload } from './importing.js'

/** A module that the product ships, in a language. */
export interface ModuleSource {
  readonly module: string
  readonly language: 'en' | 'fr' | 'es'
}

/**
 * Builds the package of a shipped module and imports it as anybody's upload. Nothing where no plugin plays it: the course
 * then goes without.
 */
export async function seedPackage(
  { module, language }: ModuleSource,
  place: Omit<Upload, 'file'> & { readonly by: Id },
): Promise<Id | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'palier-module-'))
  try {
    const bytes = await built(module, language)
    const path = join(folder, `${module}-${language}.zip`)
    await writeFile(path, bytes)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const file = { path, name: `${module}-${language}.zip`, size: bytes.length, sha256 }
    const actor = { ...systemActor('demo'), person: place.by }
    return (await importPackage(actor, { ...place, file }))._id
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    logger.warn({ err: error, module, language }, 'a module could not be imported')
    return undefined
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Loaded only where a module is built: the builder brings a bundler with it. */
async function built(module: string, language: ModuleSource['language']): Promise<Buffer> {
  const { modulePackage } = await import('../../../content/modules.js')
  return modulePackage(module, language)
}
