import type { Story, StoryNode } from '../player/course.js'

export interface StoryFinding {
  /** Place of the node in the file; the whole case where absent. */
  readonly node?: number
  readonly rule: string
  readonly message: string
  readonly level?: 'warning'
}

const fewestNodes = 12

/** Dead ends, nodes nothing leads to, routes without a way out, cases too small to be one. */
export function storyProblems({ nodes }: Story): StoryFinding[] {
  const known = new Set(nodes.map(({ id }) => id))
  const reached = reachable(nodes)
  const each = nodes.flatMap((node, at): StoryFinding[] => {
    const found: StoryFinding[] = []
    const add = (rule: string, message: string): void =>
      void found.push({ node: at, rule, message })
    for (const { to } of waysOf(node)) if (!known.has(to)) add('link', `no node #${to}`)
    if (!node.ending && waysOf(node).length === 0) {
      add('dead-end', `${node.id} leads nowhere and is no ending ({#${node.id} .ending})`)
    }
    if (node.ending && waysOf(node).length > 0)
      add('dead-end', `${node.id} is an ending that goes on`)
    if (node.choices.length > 0 && node.choices.every(({ when }) => when.length > 0)) {
      add('dead-end', `every choice of ${node.id} has a condition: one must always be there`)
    }
    const last = node.routes.at(-1)
    if (last && last.when.length > 0) add('route', `the last route of ${node.id} has a condition`)
    if (node.choices.length > 0 && node.routes.length > 0)
      add('route', 'choices or routes, not both')
    if (!reached.has(node.id)) add('unreachable', `nothing leads to ${node.id}`)
    return found
  })
  return [...each, ...endless(nodes), ...size(nodes)]
}

const waysOf = ({ choices, routes }: StoryNode): { to: string }[] => [...choices, ...routes]

function reachable(nodes: readonly StoryNode[]): Set<string> {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const reached = new Set<string>()
  const open = nodes.slice(0, 1).map(({ id }) => id)
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (reached.has(id)) continue
    reached.add(id)
    const node = byId.get(id)
    if (node) open.push(...waysOf(node).map(({ to }) => to))
  }
  return reached
}

/** Nodes from which no ending can be reached. */
function endless(nodes: readonly StoryNode[]): StoryFinding[] {
  const ends = new Set(nodes.filter(({ ending }) => ending).map(({ id }) => id))
  for (let before = -1; before !== ends.size;) {
    before = ends.size
    for (const node of nodes) if (waysOf(node).some(({ to }) => ends.has(to))) ends.add(node.id)
  }
  return nodes.flatMap((node, at) =>
    ends.has(node.id) || waysOf(node).length === 0
      ? []
      : [{ node: at, rule: 'dead-end', message: `no ending can be reached from ${node.id}` }],
  )
}

function size(nodes: readonly StoryNode[]): StoryFinding[] {
  const endings = nodes.filter(({ ending }) => ending).length
  const found: StoryFinding[] = []
  if (nodes.length < fewestNodes) {
    const message = `${nodes.length} nodes; a case has at least ${fewestNodes}`
    found.push({ rule: 'case-size', message, level: 'warning' })
  }
  if (endings < 2) found.push({ rule: 'case-size', message: `${endings} endings; at least two` })
  return found
}
