import type { Ledger } from './ledger.js'
import type { Opened, OpenedItem } from './server.js'

type Tree = Record<string, unknown>

/**
 * What content finds: the server's seed, with what this launch has said since and the server could not yet be asked
 * about. Without a connection, a part left and opened again is where it was.
 */
export function seedFor(standard: Opened['standard'], item: OpenedItem, ledger: Ledger): Tree {
  if (!ledger.hasOutstanding) return item.cmi
  const seed = structuredClone(item.cmi)
  const exit = standard === '1.2' ? 'core.exit' : 'exit'
  const fleeting = new Set([exit, standard === '1.2' ? 'core.session_time' : 'session_time'])
  for (const [path, value] of ledger.values()) if (!fleeting.has(path)) put(seed, path, value)
  put(seed, standard === '1.2' ? 'core.entry' : 'entry', 'resume')
  return seed
}

function put(root: Tree, path: string, value: string): void {
  const keys = path.split('.')
  const last = keys.pop() ?? ''
  let node = root
  keys.forEach((key, at) => {
    node = (node[key] ??= /^\d+$/.test(keys[at + 1] ?? last) ? [] : {}) as Tree
  })
  node[last] = value
}
