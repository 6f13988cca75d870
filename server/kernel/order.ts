import type { Plugin } from './contract.js'

/** Sorts plugins so that each comes after those it requires or enhances. A cycle prints `a → b → a`. */
export function inLoadOrder(plugins: readonly Plugin[]): Plugin[] {
  const byId = new Map(plugins.map((plugin) => [plugin.id, plugin]))
  const ordered = new Set<Plugin>()

  const visit = (plugin: Plugin, path: readonly string[]): void => {
    if (ordered.has(plugin)) return
    if (path.includes(plugin.id)) {
      throw new Error(`Plugin cycle: ${[...path, plugin.id].join(' → ')}`)
    }
    for (const needed of neighbours(plugin, byId)) visit(needed, [...path, plugin.id])
    ordered.add(plugin)
  }

  for (const plugin of plugins) visit(plugin, [])
  return [...ordered]
}

function neighbours(plugin: Plugin, byId: ReadonlyMap<string, Plugin>): Plugin[] {
  const required = (plugin.requires ?? []).map((id) => {
    const needed = byId.get(id)
    if (!needed) throw new Error(`Plugin ${plugin.id} requires ${id}, which is not enabled`)
    return needed
  })
  const wanted = (plugin.enhances ?? []).flatMap((id) => byId.get(id) ?? [])
  return [...required, ...wanted]
}
