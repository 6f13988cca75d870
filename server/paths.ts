import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder that holds `server/`, `views/`, `plugins/`: the checkout, or `dist/` once built. */
export const appRoot = fileURLToPath(new URL('../', import.meta.url))

/** Whether the sources themselves are running (tests), rather than the build. */
export const fromSources = import.meta.url.endsWith('.ts')

/** Where a feature keeps its files: `server/domain/<id>` or `plugins/<id>`, with the one that wins first. */
export interface FeatureFolder {
  readonly id: string
  readonly path: string
  readonly core: boolean
}

/** The features shipped with Palier, by folder. Those from outside are the loader's business. */
export function shippedFeatures(root = appRoot): FeatureFolder[] {
  const inFolder = (folder: string, core: boolean): FeatureFolder[] =>
    readdirSync(join(root, folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => ({ id: name, path: join(root, folder, name), core }))
      .sort((a, b) => a.id.localeCompare(b.id))
  return [...inFolder('server/domain', true), ...inFolder('plugins', false)]
}
