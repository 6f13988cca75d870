import type { Edition } from '../contract.js'
import { ManifestProblem } from './problems.js'
import { child, descendants, textOf, type XmlElement } from './xml.js'

const editions: readonly (readonly [RegExp, Edition])[] = [
  [/^1\.2$/, '1.2'],
  [/^(cam )?1\.3$/i, '2004-2nd'],
  [/^2004 2nd edition$/i, '2004-2nd'],
  [/^2004 3rd edition$/i, '2004-3rd'],
  [/^2004 4th edition$/i, '2004-4th'],
]

/** The edition of a manifest: what it declares, else what its namespaces say. Refuses what is not SCORM at all. */
export function editionOf(manifest: XmlElement): Edition {
  if (manifest.name !== 'manifest') {
    throw new ManifestProblem('manifest-not-scorm', { found: manifest.name })
  }
  const metadata = child(manifest, 'metadata')
  const declared = textOf(metadata, 'schemaversion') ?? ''
  const known = editions.find(([pattern]) => pattern.test(declared))?.[1]
  const edition = known ?? byNamespace(manifest)
  if (edition) return edition

  const schema = textOf(metadata, 'schema') ?? ''
  throw new ManifestProblem('manifest-not-scorm', { found: `${schema} ${declared}`.trim() || '?' })
}

/** Authors type anything into `schemaversion`; the namespaces come from their tool. */
function byNamespace(manifest: XmlElement): Edition | undefined {
  const used = new Set<string>()
  for (const { namespace } of descendants(manifest)) used.add(namespace)
  const says = (pattern: RegExp): boolean => [...used].some((uri) => pattern.test(uri))
  if (says(/adl(cp|seq|nav)_v1p3|imscp_v1p1$/)) return '2004-3rd'
  if (says(/adlcp_rootv1p2|imscp_rootv1p1p2/)) return '1.2'
  return undefined
}
