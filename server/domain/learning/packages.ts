import { NotFound } from '../../errors.js'
import type { Id } from '../../kernel/contract.js'
import { PackageVersionModel, type PackageVersion } from './package-models.js'

export type { PackageVersion } from './package-models.js'

/** A package version by id, for the handler that plays it. Throws `NotFound`. */
export async function findPackageVersion(id: Id): Promise<PackageVersion> {
  const version = await PackageVersionModel.findById(id).lean<PackageVersion>()
  if (!version) throw new NotFound()
  return version
}
