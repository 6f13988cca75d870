import { MongoError } from '../errors.js'
import { isDynamic } from './paths.js'

interface Branch {
  readonly children: Map<string, Branch>
  isTarget: boolean
}

/** Refuses an update in which one path is another one, lies within it, or counts elements otherwise. */
export class Conflicts {
  readonly #root: Branch = { children: new Map(), isTarget: false }

  add(path: string): void {
    let branch = this.#root
    const parts = path.split('.')
    for (const [at, part] of parts.entries()) {
      const way = parts.slice(0, at).join('.')
      if (branch.isTarget || mixesKinds(branch, part)) throw conflict(path, way)
      const next = branch.children.get(part) ?? { children: new Map(), isTarget: false }
      branch.children.set(part, next)
      branch = next
    }
    if (branch.isTarget || branch.children.size > 0) throw conflict(path, path)
    branch.isTarget = true
  }
}

/** Elements meant by a filter and elements meant by their place cannot be told apart. */
function mixesKinds({ children }: Branch, part: string): boolean {
  const isFiltered = (name: string): boolean => name !== '$' && isDynamic(name)
  for (const name of children.keys()) if (isFiltered(name) !== isFiltered(part)) return true
  return false
}

function conflict(path: string, at: string): MongoError {
  return new MongoError(40, `Updating the path '${path}' would create a conflict at '${at}'`)
}

/** Orders paths as MongoDB applies them: part by part, numbers by their value. */
export function comparePaths(a: readonly string[], b: readonly string[]): number {
  for (const [at, part] of a.entries()) {
    const other = b[at]
    if (other === undefined) return 1
    const order = compareParts(part, other)
    if (order !== 0) return order
  }
  return a.length - b.length
}

function compareParts(a: string, b: string): number {
  if (a === b) return 0
  const areNumbers = /^\d+$/.test(a) && /^\d+$/.test(b)
  if (areNumbers && Number(a) !== Number(b)) return Number(a) - Number(b)
  return a < b ? -1 : 1
}
