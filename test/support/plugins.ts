import type { Context } from 'mocha'

const disabled = (process.env.PLUGINS_DISABLED ?? '').split(',')

/** Skips tests that live outside the plugins' folders and need what those bring, with a clear line, where one is turned off. */
export function needsPlugins(context: Context, ...ids: string[]): void {
  const missing = ids.filter((id) => disabled.includes(id))
  if (missing.length === 0) return
  console.log(`    skipped: plugins/${missing.join(' and plugins/')} disabled`)
  context.skip()
}
