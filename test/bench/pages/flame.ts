import type { Profiler } from 'node:inspector'

/** A function with the time below it, in milliseconds; those it called lie upon it. */
interface Frame {
  readonly name: string
  readonly kind: Kind
  time: number
  readonly calls: Map<string, Frame>
}

type Kind = keyof typeof colours
const colours = { own: '#2a9d8f', views: '#e9c46a', packages: '#8fb8de', node: '#c4c4c4' } as const
const [width, rowHeight, least] = [1200, 17, 0.008]

/** Draws a CPU profile as a flame graph: below who calls, above who is called; the width is the share of the time at work. */
export function flameGraph(profile: Profiler.Profile, title: string): string {
  const root = framesOf(profile)
  const rows = depthOf(root, root.time)
  const height = (rows + 3) * rowHeight
  const boxes = drawn(root, { left: 0, level: 0, total: root.time, height }).join('\n')
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="monospace" font-size="11">`,
    `<title>${escaped(title)}</title><rect width="100%" height="100%" fill="#fff"/>`,
    `<text x="4" y="14">${escaped(title)}: ${Object.keys(colours).join(', ')}</text>`,
    `${boxes}</svg>\n`,
  ].join('\n')
}

function framesOf({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): Frame {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const parents = new Map(
    nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)),
  )
  const root: Frame = { name: 'at work', kind: 'node', time: 0, calls: new Map() }
  for (const [at, id] of samples.entries()) {
    const stack: Profiler.ProfileNode[] = []
    for (let one: number | undefined = id; one !== undefined; one = parents.get(one)) {
      const node = byId.get(one)
      if (node) stack.unshift(node)
    }
    const top = stack.at(-1)?.callFrame.functionName ?? ''
    if (/^\((idle|program|root)\)$/.test(top)) continue
    add(root, stack.slice(1), (timeDeltas[at] ?? 0) / 1000)
  }
  return root
}

function add(root: Frame, stack: readonly Profiler.ProfileNode[], time: number): void {
  let frame = root
  frame.time += time
  for (const { callFrame } of stack) {
    const name = nameOf(callFrame)
    const next = frame.calls.get(name) ?? {
      name,
      kind: kindOf(callFrame.url),
      time: 0,
      calls: new Map(),
    }
    frame.calls.set(name, next)
    next.time += time
    frame = next
  }
}

function nameOf({ functionName, url }: { functionName: string; url: string }): string {
  const own = functionName || 'anonymous'
  const from = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1]
  return from ? `${own} (${from})` : own
}

function kindOf(url: string): Kind {
  if (url.includes('/node_modules/')) return 'packages'
  if (url.endsWith('/views.js')) return 'views'
  return url.startsWith('file:') ? 'own' : 'node'
}

const wide = (frame: Frame, total: number): Frame[] =>
  [...frame.calls.values()]
    .filter(({ time }) => time / total >= least)
    .sort((a, b) => a.name.localeCompare(b.name))

const depthOf = (frame: Frame, total: number): number =>
  1 + Math.max(0, ...wide(frame, total).map((call) => depthOf(call, total)))

interface Place {
  readonly left: number
  readonly level: number
  readonly total: number
  readonly height: number
}

function drawn(frame: Frame, place: Place): string[] {
  const { left, level, total, height } = place
  const wideness = (frame.time / total) * width
  const y = height - (level + 1) * rowHeight
  const share = `${((frame.time / total) * 100).toFixed(1)} %`
  const shown = frame.name.slice(0, Math.floor((wideness - 4) / 6.7))
  const text =
    shown.length > 2
      ? `<text x="${(left + 2).toFixed(1)}" y="${y + 12}">${escaped(shown)}</text>`
      : ''
  const box = `<rect x="${left.toFixed(1)}" y="${y}" width="${Math.max(0.4, wideness - 0.4).toFixed(1)}" height="${rowHeight - 1}" fill="${colours[frame.kind]}"/>`
  const own = `<g><title>${escaped(frame.name)} ${share}</title>${box}${text}</g>`
  let at = left
  const above = wide(frame, total).flatMap((call) => {
    const boxes = drawn(call, { left: at, level: level + 1, total, height })
    at += (call.time / total) * width
    return boxes
  })
  return [own, ...above]
}

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
