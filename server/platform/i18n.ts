import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import i18next, { type i18n } from 'i18next'
import ICU from 'i18next-icu'
import { appRoot, shippedFeatures, type FeatureFolder } from '../paths.js'

/** The languages of every screen. */
export const languages = ['en', 'fr', 'es'] as const
export type Language = (typeof languages)[number]

/** Says a text of the catalogues: `owner:section.key`, with ICU values. */
export type Translate = (key: string, values?: Readonly<Record<string, unknown>>) => string

let catalogues: i18n | undefined
const translators = new Map<string, Translate>()

/** Reads the texts of the shell (`core`) and of these features. */
export async function loadCatalogues(
  features: readonly FeatureFolder[] = shippedFeatures(),
): Promise<void> {
  const folders = [
    { id: 'core', path: join(appRoot, 'server/locales') },
    ...features.flatMap(({ id, path }) => textFolders(id, join(path, 'locales'))),
  ]
  const resources = Object.fromEntries(
    languages.map((language) => [language, textsOf(language, folders)]),
  )
  const made = i18next.createInstance()
  await made.use(ICU).init({
    resources,
    ns: folders.map(({ id }) => id),
    lng: 'en',
    fallbackLng: 'en',
    interpolation: { escapeValue: false },
    returnEmptyString: false,
  })
  catalogues = made
  translators.clear()
}

/** The translator of a language; English stands in for a text that is missing. */
export function translator(language: string): Translate {
  const known = translators.get(language)
  if (known) return known
  const fixed = loaded().getFixedT(language)
  const translate: Translate = (key, values) => String(fixed(key as never, values as never))
  translators.set(language, translate)
  return translate
}

/** Whether the catalogues hold a text of that name. */
export const hasKey = (key: string): boolean => loaded().exists(key)

/** The first language of an `Accept-Language` header among those offered (RFC 9110 §12.5.4); else the first of these. */
export function bestLanguage(
  accept: string | undefined,
  offered: readonly Language[] = languages,
): Language {
  const wished = (accept ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...rest] = part.trim().split(';')
      const weight = /q=([\d.]+)/.exec(rest.join(';'))?.[1]
      return { tag: tag.toLowerCase().split('-')[0] ?? '', weight: weight ? Number(weight) : 1 }
    })
    .sort((a, b) => b.weight - a.weight)
  const found = wished.find(({ tag }) => (offered as readonly string[]).includes(tag))
  return (found?.tag as Language | undefined) ?? offered[0] ?? 'en'
}

function loaded(): i18n {
  if (!catalogues) throw new Error('The texts are not loaded yet')
  return catalogues
}

/** A folder among a feature's texts is a namespace of its own: codes that several features raise, said once. */
function textFolders(id: string, path: string): { id: string; path: string }[] {
  if (!existsSync(path)) return []
  const inner = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return [{ id, path }, ...inner.map(({ name }) => ({ id: name, path: join(path, name) }))]
}

function textsOf(
  language: string,
  folders: readonly { id: string; path: string }[],
): Record<string, object> {
  const found = folders.flatMap(({ id, path }) => {
    const file = join(path, `${language}.json`)
    return existsSync(file) ? [[id, JSON.parse(readFileSync(file, 'utf8')) as object]] : []
  })
  return Object.fromEntries(found) as Record<string, object>
}
