import type { Launch } from '../contract.js'
import { resolveHref, type PackageFiles } from './addresses.js'
import { ManifestProblem } from './problems.js'
import { attribute, child, childrenNamed, type XmlElement } from './xml.js'

/** A resource that items may start. */
export interface Resource {
  readonly identifier: string
  readonly kind: 'sco' | 'asset'
  readonly launch: Launch | undefined
  /** Files it lists that the archive does not hold. */
  readonly missing: readonly string[]
}

/** The resources by identifier. Two of one name are refused; names that differ by case are two. */
export function readResources(
  manifest: XmlElement,
  files: PackageFiles,
): ReadonlyMap<string, Resource> {
  const list = child(manifest, 'resources')
  const bases = [attribute(manifest, 'xml:base'), attribute(list, 'xml:base')]
  const resources = new Map<string, Resource>()
  for (const element of childrenNamed(list, 'resource')) {
    const identifier = attribute(element, 'identifier')
    if (!identifier) continue
    if (resources.has(identifier))
      throw new ManifestProblem('manifest-duplicate-id', { identifier })
    resources.set(identifier, readResource(element, identifier, { bases, files }))
  }
  return resources
}

function readResource(
  element: XmlElement,
  identifier: string,
  { bases, files }: { bases: readonly (string | undefined)[]; files: PackageFiles },
): Resource {
  const all = [...bases, attribute(element, 'xml:base')]
  const href = attribute(element, 'href')
  const listed = childrenNamed(element, 'file').flatMap((file) => attribute(file, 'href') ?? [])
  return {
    identifier,
    // Without the attribute SCORM's default is an asset; but whoever leaves it out means a course.
    kind: attribute(element, 'scormtype')?.toLowerCase() === 'asset' ? 'asset' : 'sco',
    launch: href === undefined ? undefined : resolveHref(href, all),
    missing: listed.filter((path) => !present(path, all, files)),
  }
}

/** What is only listed never stops an import, whatever its address says. */
function present(
  href: string,
  bases: readonly (string | undefined)[],
  files: PackageFiles,
): boolean {
  try {
    return files.find(resolveHref(href, bases).path) !== undefined
  } catch {
    return false
  }
}
