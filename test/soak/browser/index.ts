import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Page } from 'playwright-core'
import { readDemo } from '../../../content/demo/demo.js'
import { buildPackage } from '../../../plugins/scorm/test/support/packages.js'
import type { Imported } from '../../../plugins/scorm/test/support/playing.js'
import { signedIn, stage } from '../../../plugins/scorm/test/support/theatre.js'
import { removeData, startPalier } from '../../support/palier.js'
import * as trials from './trials.js'
import type { Round } from './trials.js'

/** What rounds of trouble brought to light. */
export interface Troubles {
  readonly rounds: Readonly<Record<string, number>>
  readonly problems: readonly string[]
}

const kinds = Object.entries(trials)
const preload = pathToFileURL(resolve('test/support/shifted-clock.mjs')).href

/**
 * Puts readers through what happens to them, in a real browser: tabs that die, hours without a connection, two tabs, two
 * devices, a server that restarts or falls silent. Nothing is lost that they were told is saved, and they are told in time.
 */
export async function troubleReaders(rounds: number): Promise<Troubles> {
  const clock = join(mkdtempSync(join(tmpdir(), 'palier-clock-')), 'shift')
  writeFileSync(clock, '0')
  const env = { PALIER_TEST_CLOCK: clock, NODE_OPTIONS: `--import ${preload}` }
  const names = readDemo().people.flatMap(({ email, status }) =>
    status === 'active' ? [email.split('@')[0] ?? ''] : [],
  )
  const done: Record<string, number> = {}
  const problems: string[] = []
  let palier = await startPalier({ env })
  try {
    const archive = await buildPackage({ title: 'A long read' })
    const courses: Imported[] = []
    for (let at = 0; at < rounds && problems.length === 0; at += 1) {
      if (at % names.length === 0) courses.push(await staged(palier.url, archive))
      const name = names[at % names.length] ?? ''
      const [kind, trial] = kinds[at % kinds.length] ?? ['', trials.tabKilled]
      const others: Page[] = []
      const round: Round = {
        ...{ palier, env, clock },
        course: courses.at(-1) as Imported,
        desk: await signedIn(palier, name),
        another: async () => {
          others.push(await signedIn(palier, name))
          return others.at(-1) as Page
        },
      }
      const found = await trial(round).catch((error: unknown) => [String(error)])
      problems.push(...found.map((problem) => `round ${at}, ${kind}: ${problem}`))
      palier = round.palier
      for (const page of [round.desk, ...others]) await page.context().close()
      done[kind] = (done[kind] ?? 0) + 1
    }
  } finally {
    await palier.stop()
    removeData()
  }
  return { rounds: done, problems }
}

async function staged(url: string, archive: Buffer): Promise<Imported> {
  const trainer = await signedIn({ url }, 'trainer')
  const imported = await stage(trainer, url, archive)
  await trainer.context().close()
  return imported
}
