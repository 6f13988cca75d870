import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Context } from 'mocha'

const folder = resolve(process.env.PALIER_FIXTURES ?? '../shared/fixtures')

/** A folder or file of the packages kept beside the checkout, or nothing where they are absent. */
export function fixture(path: string): string | undefined {
  const file = join(folder, path)
  return existsSync(file) ? file : undefined
}

/** Skips a test, with a clear line, where the material it needs is not beside the checkout. */
export function needsFixture(context: Context, path: string): string {
  const file = fixture(path)
  if (file) return file
  console.log(
    `    skipped: ${path} is not beside the checkout (set PALIER_FIXTURES to where it is)`,
  )
  return context.skip()
}
