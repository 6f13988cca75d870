import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Name } from '../kernel/contract.js'
import { appRoot, fromSources, shippedFeatures, type FeatureFolder } from '../paths.js'
import { escapeHtml, trusted, type SafeHtml } from './safe-html.js'

type Include = (view: string, data?: object) => SafeHtml
/** A view as EJS compiles it. */
export type ViewFunction =
  // eslint-disable-next-line max-params -- EJS says which
  (l: object, escapeFn: typeof escapeHtml, include: Include, rethrow: undefined) => string
type ViewTable = Readonly<Record<string, ViewFunction>>

const compiled = new Map<string, ViewFunction>()
const folders = new Map<string, string>()
let compileText: ((text: string) => ViewFunction) | undefined

/** Makes the views of these features findable: the build's table, or the files themselves. */
export async function loadViews(
  features: readonly FeatureFolder[] = shippedFeatures(),
): Promise<void> {
  compiled.clear()
  for (const { id, path, core } of features) {
    folders.set(id, core ? join(appRoot, 'views', id) : join(path, 'views'))
  }
  if (fromSources) return useCompiler()
  addViews(await importViews(join(appRoot, 'views.js')))
}

/** Adds views compiled elsewhere, such as those of a plugin from outside. */
export function addViews(views: ViewTable): void {
  for (const [name, view] of Object.entries(views)) compiled.set(name, view)
}

/** Reads a table of compiled views from a module. */
export async function importViews(file: string): Promise<ViewTable> {
  const { default: views } = (await import(pathToFileURL(file).href)) as { default: ViewTable }
  return views
}

/** Renders a view with `l` as its one local. What it includes sees `l` and the data given there. */
export function render(view: Name, l: object): SafeHtml {
  const include: Include = (name, data = {}) =>
    render(name as Name, Object.assign(Object.create(l) as object, data))
  return trusted(viewFunction(view)(l, escapeHtml, include, undefined))
}

/** The file of a view: `scorm:player` is plugins/scorm/views/player.ejs, `core:field` views/partials/field.ejs. */
export function viewFile(view: string): string {
  const [owner = '', file = ''] = view.split(':', 2)
  const folder = owner === 'core' ? join(appRoot, 'views/partials') : folders.get(owner)
  return join(folder ?? join(appRoot, 'views', owner), `${file}.ejs`)
}

async function useCompiler(): Promise<void> {
  const { viewSource } = await import('./view-compiler.js')
  compileText = (text) =>
    // Tests run the templates themselves; the build has none of this.
    new Function('l', 'escapeFn', 'include', 'rethrow', viewSource(text)) as ViewFunction
}

function viewFunction(view: string): ViewFunction {
  const known = compiled.get(view)
  if (known) return known
  const file = viewFile(view)
  if (!compileText || !existsSync(file)) throw new Error(`There is no view ${view}`)
  const made = compileText(readFileSync(file, 'utf8'))
  compiled.set(view, made)
  return made
}
