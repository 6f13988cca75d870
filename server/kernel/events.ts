import type { Events, Filters } from './contract.js'
import { enabledPlugins } from './plugins.js'

export interface Listener {
  readonly plugin: string
  handle(event: unknown): Promise<void> | void
}

/** Who listens to an event today, in load order. Deliveries to them are the outbox's business. */
export function listenersOf(name: keyof Events): readonly Listener[] {
  const on = (listeners: object | undefined): Listener['handle'] | undefined =>
    (listeners as Record<string, Listener['handle']> | undefined)?.[name]

  return enabledPlugins().flatMap((plugin) => {
    const handle = on(plugin.on)
    return handle ? [{ plugin: plugin.id, handle }] : []
  })
}

/** Lets plugins reshape a value, in load order. A failure stops the operation. */
export async function reshape<F extends keyof Filters>(
  name: F,
  value: Filters[F],
): Promise<Filters[F]> {
  let reshaped = value
  for (const { filters } of enabledPlugins()) {
    reshaped = (await filters?.[name]?.(reshaped)) ?? reshaped
  }
  return reshaped
}
