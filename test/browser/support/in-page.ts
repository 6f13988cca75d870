import { buildSync } from 'esbuild'
import type { Page } from 'playwright-core'
import type * as Checks from '../in-page/index.js'

/** The checks that run within a page, as one script. */
const { outputFiles } = buildSync({
  entryPoints: ['test/browser/in-page/index.ts'],
  ...{ bundle: true, write: false, format: 'iife', globalName: 'checks', target: 'es2022' },
})
const source = `${outputFiles[0]?.text ?? ''};globalThis.checks = checks`

type Name = keyof typeof Checks

/** Runs a check within the page, and gives what it finds. */
export async function ask<N extends Name>(
  page: Page,
  name: N,
  ...given: Parameters<(typeof Checks)[N]>
): Promise<ReturnType<(typeof Checks)[N]>> {
  if (!(await page.evaluate(() => 'checks' in window))) await page.evaluate(source)
  const asked = `checks.${name}(${given.map((each) => JSON.stringify(each)).join(', ')})`
  return page.evaluate(asked)
}
