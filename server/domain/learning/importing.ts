import { Conflict, Invalid } from '../../errors.js'
import type { UploadedFile } from '../../http/routes.js'
import type { Actor, Id } from '../../kernel/contract.js'
import { contributions } from '../../kernel/plugins.js'
import { now } from '../../platform/clock.js'
import { insertNumbered } from '../../platform/database.js'
import { storage } from '../../platform/storage.js'
import { archiveOf } from './archives.js'
import type { ImportReport, PackageArchive, PackageHandler } from './contract.js'
import { PackageVersionModel, type PackageVersion } from './package-models.js'

export interface Upload {
  /** A form's hidden id: sent twice, it makes one version. */
  readonly id: Id
  readonly course: Id
  readonly activity: Id
  readonly file: UploadedFile
}

/**
 * Unpacks, recognises and inspects a package, and keeps it as the activity's next version. Throws `Invalid` with a code of
 * `packages:…` or of the handler's own; then nothing is kept.
 */
export async function importPackage(actor: Actor, upload: Upload): Promise<PackageVersion> {
  const before = await versionOf(upload)
  if (before) return before
  const { path, name, sha256: hash } = upload.file
  try {
    const archive = archiveOf(hash, (await storage.unpack(path, hash)).files)
    const { handler, report, manifest } = await inspected(archive)
    const { activity } = upload
    const { kept } = await insertNumbered(
      PackageVersionModel,
      { activity },
      {
        _id: upload.id,
        course: upload.course,
        activity,
        handler: handler.id,
        hash,
        name: name.slice(-200),
        report,
        manifest,
        by: actor.person ?? actor.name,
        at: now(),
      },
    )
    refuseOther(upload, kept)
    return kept
  } catch (error) {
    if (error instanceof Invalid) await forget(hash)
    throw error
  }
}

async function inspected(archive: PackageArchive): Promise<{
  handler: PackageHandler
  report: ImportReport
  manifest: Readonly<Record<string, unknown>>
}> {
  const handler = contributions('packages').find((one) => one.recognises(archive))
  if (!handler) {
    throw new Invalid('packages:not-recognised', {
      errors: [{ path: 'package', code: 'packages:not-recognised' }],
    })
  }
  return { handler, ...(await handler.inspect(archive)) }
}

/** What was made of this very upload before. The id of something else is refused. */
async function versionOf(upload: Upload): Promise<PackageVersion | null> {
  const version = await PackageVersionModel.findById(upload.id).lean<PackageVersion>()
  if (version) refuseOther(upload, version)
  return version
}

function refuseOther({ activity, file }: Upload, version: PackageVersion): void {
  if (version.activity !== activity || version.hash !== file.sha256)
    throw new Conflict('learning:id-taken')
}

/** The same bytes are refused every time: unless an earlier version was made of them, nobody needs their files. */
async function forget(hash: string): Promise<void> {
  if (!(await PackageVersionModel.exists({ hash }))) await storage.removePackage(hash)
}
