import type { ArchiveEntry, ManifestWarning, ScormItem, ScormManifest } from '../contract.js'
import { packageFiles } from './addresses.js'
import { editionOf } from './editions.js'
import { readItems } from './items.js'
import { ManifestProblem } from './problems.js'
import { readResources, type Resource } from './resources.js'
import { declaresSequencing, sequencingCollections } from './sequencing.js'
import { attribute, child, childrenNamed, readXml, textOf, type XmlElement } from './xml.js'

export interface ReadManifest {
  readonly manifest: ScormManifest
  readonly warnings: readonly ManifestWarning[]
}

/**
 * Reads `imsmanifest.xml` against the files it came with. Pure; throws `ManifestProblem`
 * (`scorm:manifest-…`) for what cannot be played, and warns of what can but is odd.
 */
export function parseManifest(xml: string, entries: readonly ArchiveEntry[]): ReadManifest {
  refuseOtherDocuments(xml)
  const root = readXml(xml)
  const edition = editionOf(root)
  const standard = edition === '1.2' ? '1.2' : '2004'
  const warnings: ManifestWarning[] = []
  const warn = (warning: ManifestWarning): void => void warnings.push(warning)

  const files = packageFiles(entries)
  const resources = readResources(root, files)
  const organization = chooseOrganization(root, warn)
  const collections = sequencingCollections(root)
  const items = readItems(organization, { standard, resources, files, collections, warn })
  if (!items.some(({ launch }) => launch)) throw new ManifestProblem('manifest-nothing-to-launch')

  warnOf(root, items, { resources, warn })
  const identifier = attribute(root, 'identifier') ?? ''
  const title = textOf(organization, 'title') ?? items[0]?.title ?? identifier
  return { manifest: { edition, standard, identifier, title, items }, warnings }
}

/** A server's error page saved under the manifest's name is common, and no XML. */
function refuseOtherDocuments(xml: string): void {
  const found = /^\s*<(?:!doctype\s+)?(html)\b/i.exec(xml)?.[1]
  if (found) throw new ManifestProblem('manifest-not-scorm', { found: 'HTML' })
}

function chooseOrganization(
  manifest: XmlElement,
  warn: (warning: ManifestWarning) => void,
): XmlElement {
  const list = child(manifest, 'organizations')
  const organizations = childrenNamed(list, 'organization')
  const wanted = attribute(list, 'default')
  const unnamed = organizations.find((one) => !attribute(one, 'identifier'))
  if (unnamed) {
    const values = { default: wanted ?? '?', line: unnamed.line }
    throw new ManifestProblem('manifest-organization-unnamed', values)
  }
  const first = organizations[0]
  if (!first) throw new ManifestProblem('manifest-no-organization')

  const found = organizations.find((one) => attribute(one, 'identifier') === wanted)
  if (wanted && !found) {
    const values = { wanted, used: attribute(first, 'identifier') ?? '' }
    warn({ code: 'scorm:default-organization-missing', values })
  }
  if (organizations.length > 1) {
    warn({ code: 'scorm:other-organizations', values: { count: organizations.length - 1 } })
  }
  return found ?? first
}

function warnOf(
  root: XmlElement,
  items: readonly ScormItem[],
  {
    resources,
    warn,
  }: {
    resources: ReadonlyMap<string, Resource>
    warn: (warning: ManifestWarning) => void
  },
): void {
  if (declaresSequencing(root)) warn({ code: 'scorm:sequencing-not-applied' })
  if (items.some(({ prerequisites }) => prerequisites)) {
    warn({ code: 'scorm:prerequisites-not-applied' })
  }
  const missing = [...new Set([...resources.values()].flatMap((resource) => resource.missing))]
  if (missing.length > 0) {
    const values = { count: missing.length, file: missing[0] ?? '' }
    warn({ code: 'scorm:listed-files-missing', values })
  }
  if (child(root, 'manifest')) warn({ code: 'scorm:sub-manifests-ignored' })
}
