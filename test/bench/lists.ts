import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { freePort } from '../support/ports.js'
import { startPalier } from '../support/palier.js'
import { getPage, signIn } from '../support/session.js'
import type { Bench, Figure } from './index.js'
import { said, seed } from './seeding.js'
import { percentile } from './store/measure.js'

const few = 1_000
const [warm, visits] = [3, 80]
const course = 'plain-letters'
/** Each fills a page among a thousand people already: fewer rows would be drawn faster. */
const addresses = [
  ...['/people', '/people?sort=-name', '/people?sort=email', '/people?q=ma', '/people?page=15'],
  ...['/people/duplicates'],
  ...['/people?unit=ispm', '/posts', '/courses', '/assignments', '/late'],
  ...['/assignments/crowd-assignment-1', '/progress', '/admin/audit', '/admin/jobs', '/imports'],
  ...['/units/ispm/competencies?by=people', '/notifications'],
  ...[`/courses/${course}/participants`, `/courses/${course}/progress`],
]

/**
 * Each list as an administrator opens it, in an institution of a thousand people and in one of a hundred thousand, or as
 * many as `--people=` says. Seeding them takes an hour: `--seeded=` names a data folder in which it was done before.
 */
export const lists: Bench = async (tell, options) => {
  const many = Number(said(options, '--people=') ?? 100_000)
  const small = await timesOf(few, tell)
  const there = said(options, '--seeded=')
  const large = there ? await timesIn(there) : await timesOf(many, tell)
  for (const address of addresses) {
    const [before, after] = [small.get(address) ?? NaN, large.get(address) ?? NaN]
    const name = `${address.slice(0, 40)} of ${few}, p95`
    tell({ name, value: before, unit: 'ms' })
    tell({ name: `  of ${many}`, value: after, unit: 'ms', ratio: after / before, aim: '≤ 1.5' })
  }
}

async function timesOf(
  people: number,
  tell: (figure: Figure) => void,
): Promise<Map<string, number>> {
  const dataDir = mkdtempSync(join(tmpdir(), 'palier-run-'))
  const began = performance.now()
  seed(dataDir, people)
  tell({ name: `${people} people seeded`, value: (performance.now() - began) / 1000, unit: 's' })
  return timesIn(dataDir).finally(() => rmSync(dataDir, { recursive: true, force: true }))
}

/** The 95th percentile of each list's time, in milliseconds. */
async function timesIn(dataDir: string): Promise<Map<string, number>> {
  const palier = await startPalier({
    again: { dataDir, url: `http://localhost:${await freePort()}` },
  })
  try {
    const cookie = await signIn(palier.url, 'admin@demo.palier')
    const times = new Map<string, number>()
    for (const address of addresses) times.set(address, await slowest(palier.url, address, cookie))
    return times
  } finally {
    await palier.stop()
  }
}

async function slowest(url: string, address: string, cookie: string): Promise<number> {
  const times: number[] = []
  for (let visit = -warm; visit < visits; visit += 1) {
    const began = performance.now()
    const answer = await getPage(url, address, cookie)
    await answer.text()
    if (answer.status !== 200) throw new Error(`${address} answers ${answer.status}`)
    if (visit >= 0) times.push(performance.now() - began)
  }
  return percentile(times, 0.95)
}
