import type { Contributions, Plugin } from './contract.js'

let enabled: readonly Plugin[] = []

/** Replaces the enabled plugins. All that the kernel knows is derived from this list. */
export function enable(plugins: readonly Plugin[]): void {
  enabled = plugins
}

/** The enabled features and plugins, in load order. */
export const enabledPlugins = (): readonly Plugin[] => enabled

/** Everything enabled plugins bring to one extension point, in load order. */
export function contributions<K extends keyof Contributions>(
  point: K,
): readonly Contributions[K][] {
  return enabled.flatMap((plugin) => plugin.contributes?.[point] ?? [])
}
