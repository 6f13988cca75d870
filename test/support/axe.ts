import { readFileSync } from 'node:fs'
import type { Frame, Page } from 'playwright-core'

interface Axe {
  run(of: object, how: object): Promise<{ violations: { id: string; nodes: Fault[] }[] }>
}

interface Fault {
  readonly target: readonly unknown[]
  readonly failureSummary?: string
}

/** Every rule, or only those that another theme can break. */
export type Rules = 'all' | 'colours'

const source = readFileSync('node_modules/axe-core/axe.min.js', 'utf8')

const rules = {
  all: {
    type: 'tag',
    values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  },
  colours: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] },
}

/** What axe finds in a frame against WCAG 2.2 A and AA, one line per rule and element. */
export async function faultsOn(frame: Frame, which: Rules = 'all'): Promise<string[]> {
  if (!(await frame.evaluate(() => 'axe' in window))) await frame.evaluate(source)
  const found = await frame.evaluate(async (runOnly) => {
    const { axe } = window as unknown as { axe: Axe }
    // What an uploaded course shows is its author's.
    const judged = { include: [['html']], exclude: [['.scorm-player__frame']] }
    return (await axe.run(judged, { runOnly, resultTypes: ['violations'] })).violations
  }, rules[which])
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')} ${failureSummary ?? ''}`),
  )
}

/** The same of a whole page, with its address. */
export async function violationsOn(page: Page, which: Rules = 'all'): Promise<string[]> {
  const faults = await faultsOn(page.mainFrame(), which)
  return faults.map((fault) => `${page.url()} ${fault}`)
}
