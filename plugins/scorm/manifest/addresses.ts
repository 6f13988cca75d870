import type { ArchiveEntry, Launch } from '../contract.js'
import { ManifestProblem } from './problems.js'

/** Finds a file of the archive as browsers and Windows zippers would: exactly, else by the one of that name whatever the case. */
export interface PackageFiles {
  find(path: string): string | undefined
}

export function packageFiles(entries: readonly ArchiveEntry[]): PackageFiles {
  const paths = new Set(entries.map(({ path }) => path.replaceAll('\\', '/')))
  const folded = new Map<string, string | undefined>()
  for (const path of paths) {
    const key = path.toLowerCase()
    folded.set(key, folded.has(key) ? undefined : path)
  }
  return { find: (path) => (paths.has(path) ? path : folded.get(path.toLowerCase())) }
}

/** Resolves a resource's href against its `xml:base`s. Refuses other sites, scripts, and paths that climb out. */
export function resolveHref(href: string, bases: readonly (string | undefined)[]): Launch {
  const { path, suffix } = split(href.replaceAll('\\', '/'))
  const prefix = bases.map((base) => (base ?? '').replaceAll('\\', '/')).join('')
  return { path: normalise(decode(prefix + path), href), suffix }
}

/** Joins an item's `parameters` to its resource's address (SCORM 2004 CAM 3.4.1.3.1). */
export function withParameters({ path, suffix }: Launch, parameters: string | undefined): Launch {
  const given = (parameters ?? '').replace(/^[?&]+/, '')
  if (!given) return { path, suffix }
  if (given.startsWith('#')) {
    return { path, suffix: suffix.includes('#') ? suffix : suffix + given }
  }
  const [query = '', fragment] = suffix.split('#')
  const joined = `${query}${query ? '&' : '?'}${given}`
  return { path, suffix: fragment === undefined ? joined : `${joined}#${fragment}` }
}

function split(href: string): Launch {
  const at = href.search(/[?#]/)
  return at < 0 ? { path: href, suffix: '' } : { path: href.slice(0, at), suffix: href.slice(at) }
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

function normalise(path: string, href: string): string {
  const unsafe = (): ManifestProblem => new ManifestProblem('manifest-href-unsafe', { href })
  if (/^[a-z][a-z0-9+.-]*:/i.test(path) || path.startsWith('/')) throw unsafe()
  // eslint-disable-next-line no-control-regex -- control characters in a path are what is looked for
  if (/[\u0000-\u001f]/.test(path)) throw unsafe()

  const kept: string[] = []
  for (const part of path.replaceAll('\\', '/').split('/')) {
    if (part === '..' && kept.pop() === undefined) throw unsafe()
    if (part && part !== '.' && part !== '..') kept.push(part)
  }
  return kept.join('/')
}
