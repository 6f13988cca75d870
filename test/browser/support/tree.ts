import type { CDPSession, Page } from 'playwright-core'

interface Value {
  readonly value?: string | number
}

interface Node {
  readonly nodeId: string
  readonly ignored: boolean
  readonly role?: Value
  readonly name?: Value
  readonly childIds?: readonly string[]
  readonly properties?: readonly { readonly name: string; readonly value: Value }[]
}

/** What somebody does something with: without a name nobody is told what. */
const needsName = new Set(
  (
    'button link textbox searchbox combobox checkbox radio slider spinbutton switch tab menuitem listbox ' +
    'DisclosureTriangle Date DateTime InputTime ColorWell image progressbar meter dialog alertdialog search form region ' +
    'navigation Iframe radiogroup'
  ).split(' '),
)

/** What a screen reader is told of a page, in its order. */
export async function treeOf(page: Page): Promise<Node[]> {
  const devtools = await devtoolsOf(page)
  const { nodes } = (await devtools.send('Accessibility.getFullAXTree')) as unknown as {
    nodes: Node[]
  }
  const byId = new Map(nodes.map((node) => [node.nodeId, node]))
  const inOrder: Node[] = []
  const visit = (node: Node | undefined): void => {
    if (!node) return
    if (!node.ignored) inOrder.push(node)
    for (const id of node.childIds ?? []) visit(byId.get(id))
  }
  visit(nodes[0])
  return inOrder
}

const sessions = new WeakMap<Page, CDPSession>()

async function devtoolsOf(page: Page): Promise<CDPSession> {
  const devtools = sessions.get(page) ?? (await page.context().newCDPSession(page))
  sessions.set(page, devtools)
  return devtools
}

/** What is wrong with landmarks, headings, names and live regions as the accessibility tree has them. */
export async function treeFaults(page: Page): Promise<string[]> {
  const nodes = await treeOf(page)
  return [...landmarks(nodes), ...headings(nodes), ...names(nodes), ...liveRegions(nodes)]
}

const withRole = (nodes: readonly Node[], role: string): Node[] =>
  nodes.filter((node) => node.role?.value === role)
const nameOf = ({ name }: Node): string => String(name?.value ?? '').trim()

function landmarks(nodes: readonly Node[]): string[] {
  const counted = ['main', 'banner', 'contentinfo'].flatMap((role) => {
    const { length } = withRole(nodes, role)
    return length === 1 ? [] : [`${length} × ${role}`]
  })
  const twice = ['navigation', 'region', 'search', 'form'].flatMap((role) => {
    const called = withRole(nodes, role).map(nameOf)
    return called
      .filter((name, at) => called.indexOf(name) !== at)
      .map((name) => `two of ${role} are called “${name}”`)
  })
  return [...counted, ...twice]
}

function headings(nodes: readonly Node[]): string[] {
  const found = withRole(nodes, 'heading').map((node) => ({
    level: Number(node.properties?.find(({ name }) => name === 'level')?.value.value),
    name: nameOf(node),
  }))
  const first = found.filter(({ level }) => level === 1).length
  const skipped = found.filter(({ level }, at) => level > (found[at - 1]?.level ?? 0) + 1)
  return [
    ...(first === 1 ? [] : [`${first} headings of the first level`]),
    ...skipped.map(({ level, name }) => `a heading of level ${level} skips one: “${name}”`),
    ...found.filter(({ name }) => !name).map(({ level }) => `an empty heading of level ${level}`),
  ]
}

function names(nodes: readonly Node[]): string[] {
  return nodes
    .filter((node) => needsName.has(String(node.role?.value)) && !nameOf(node))
    .map(({ role }) => `a ${role?.value} without a name`)
}

/** Where messages come while one reads: the region must be there before them. */
function liveRegions(nodes: readonly Node[]): string[] {
  const live = nodes.some(({ role }) => role?.value === 'status' || role?.value === 'alert')
  return live ? [] : ['no live region']
}
