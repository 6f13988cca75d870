import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { configProblems, type Config } from './config.js'
import type { Plugin } from './kernel/contract.js'
import { compileOutside } from './outside.js'
import { fromSources, shippedFeatures, type FeatureFolder } from './paths.js'

/** A feature with the folder its views, texts and migrations are found in. */
export interface LoadedFeature extends FeatureFolder {
  readonly plugin: Plugin
}

const entry = fromSources ? 'index.ts' : 'index.js'

/** Loads the core's features, the plugins that are not disabled, and those named in `PLUGINS`. Says all that is wrong at once. */
export async function loadFeatures(config: Config): Promise<LoadedFeature[]> {
  const shipped = shippedFeatures().filter(({ path }) => existsSync(join(path, entry)))
  const outside = await compileOutside(config.plugins, config.dataDir)
  const wanted = [...shipped, ...succeeded(outside)].filter(
    ({ id, core }) => core || !config.pluginsDisabled.includes(id),
  )
  const loaded = await Promise.allSettled(wanted.map(loadOne))
  const features = succeeded(loaded)
  const problems = [
    ...outside.flatMap((result, at) => failed(result, config.plugins[at])),
    ...loaded.flatMap((result) => failed(result)),
    ...features.flatMap(misnamed),
    ...doubles(features),
    ...strangers(config, [...shipped, ...succeeded(outside)]),
    ...configProblems(),
  ]
  if (problems.length > 0) throw new Error(`Palier cannot start:\n- ${problems.join('\n- ')}`)
  return features
}

const succeeded = <T>(results: readonly PromiseSettledResult<T>[]): T[] =>
  results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))

function failed(result: PromiseSettledResult<unknown>, place?: string): string[] {
  if (result.status === 'fulfilled') return []
  const said = result.reason instanceof Error ? result.reason.message : String(result.reason)
  return [place && !said.includes(place) ? `${place}: ${said}` : said]
}

async function loadOne(folder: FeatureFolder): Promise<LoadedFeature> {
  const file = existsSync(join(folder.path, entry)) ? entry : 'index.js'
  try {
    const url = pathToFileURL(join(folder.path, file)).href
    const { default: plugin } = (await import(url)) as { default: Plugin }
    return { ...folder, plugin }
  } catch (error) {
    const said = error instanceof Error ? (error.stack ?? error.message) : String(error)
    throw new Error(`${folder.id} could not be loaded: ${said}`, { cause: error })
  }
}

/** Every name a plugin brings begins with its own, so that two of them never meet. */
function misnamed({ id, plugin }: LoadedFeature): string[] {
  const wrongId = plugin.id === id ? [] : [`the folder ${id} declares the id ${plugin.id}`]
  const own = ['permissions', 'jobs', 'channels', 'notifications', 'evidence'] as const
  const names = own.flatMap((point) => namesIn((plugin.contributes as Named | undefined)?.[point]))
  const foreign = names.filter((name) => !name.startsWith(`${id}:`))
  return [
    ...wrongId,
    ...foreign.map((name) => `${id} brings ${name}, which does not begin with ${id}:`),
  ]
}

type Named = Readonly<Record<string, readonly { readonly id?: string }[] | undefined>>

const namesIn = (brought: readonly { readonly id?: string }[] | undefined): string[] =>
  (brought ?? []).flatMap(({ id }) => (id === undefined ? [] : [id]))

function doubles(features: readonly LoadedFeature[]): string[] {
  const seen = new Set<string>()
  return features.flatMap(({ id }) => {
    const known = seen.has(id)
    seen.add(id)
    return known ? [`two plugins are called ${id}`] : []
  })
}

/** A name in `PLUGINS_DISABLED` that disables nothing is a typing mistake worth knowing of. */
const strangers = ({ pluginsDisabled }: Config, known: readonly FeatureFolder[]): string[] =>
  pluginsDisabled
    .filter((id) => !known.some((feature) => feature.id === id && !feature.core))
    .map((id) => `PLUGINS_DISABLED names ${id}, which is not a plugin`)
