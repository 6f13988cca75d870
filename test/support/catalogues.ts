import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Sources } from './sources.js'

export const languages = ['en', 'fr', 'es'] as const
export type Catalogue = ReadonlyMap<string, string>
type Tree = { readonly [key: string]: string | Tree }

/** The texts of one namespace in one language, flattened to `section.key`. */
export function flatten(tree: Tree, prefix = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[`${prefix}${key}`, value]] : flatten(value, `${prefix}${key}.`),
  )
}

/** Every folder that holds texts, by namespace; a folder among a feature's texts is one of its own. */
export function namespaces(root = process.cwd()): Map<string, string> {
  const features = ['server/domain', 'plugins'].flatMap((folder) =>
    foldersIn(join(root, folder)).map(([id, path]): [string, string] => [
      id,
      join(path, 'locales'),
    ]),
  )
  return new Map([
    ['core', join(root, 'server/locales')],
    ...features.flatMap((one) => (existsSync(one[1]) ? [one, ...foldersIn(one[1])] : [])),
  ])
}

const foldersIn = (path: string): [string, string][] =>
  readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => [name, join(path, name)])

/** All texts of a language, by `namespace:section.key`. */
export function catalogue(language: string): Catalogue {
  const texts = [...namespaces()].flatMap(([namespace, folder]) => {
    const file = join(folder, `${language}.json`)
    if (!existsSync(file)) return []
    const tree = JSON.parse(readFileSync(file, 'utf8')) as Tree
    return flatten(tree).map(([key, text]): [string, string] => [`${namespace}:${key}`, text])
  })
  return new Map(texts)
}

/** Keys that code and views name and the catalogue lacks, as `file: key`. */
export function missingKeys(sources: Sources, texts: Catalogue): string[] {
  const used = /\bt\(\s*'([a-z-]+:[\w.-]+)'/g
  return [...sources]
    .filter(([file]) => !/(^|\/)test\//.test(file))
    .flatMap(([file, text]) =>
      [...text.matchAll(used)]
        .map(([, key = '']) => key)
        .filter((key) => !texts.has(key))
        .map((key) => `${file}: ${key}`),
    )
}

const code = /<%[\s\S]*?%>/g
const unread = /<(script|style|code)\b[\s\S]*?<\/\1>|<!--[\s\S]*?-->/g
const tag = /<[a-z/!](?:"[^"]*"|'[^']*'|[^>"'])*>/gi
const readAloud = /\s(?:aria-label|aria-description|alt|title|placeholder|label)="([^"]*)"/g

/** Words printed by a view that no catalogue holds, in attributes that are read to people too. */
export function bareTexts(sources: Sources): string[] {
  const views = [...sources].filter(([file]) => file.endsWith('.ejs'))
  return views.flatMap(([file, text]) => {
    const plain = text.replace(code, hole).replace(unread, '')
    const attributes = [...plain.matchAll(readAloud)].map(([, value = '']) => value)
    return [...plain.split(tag), ...attributes]
      .flatMap((piece) => piece.split(hole))
      .map((piece) => piece.replace(/&[a-z]+;/g, '').trim())
      .filter((piece) => /\p{L}{2,}/u.test(piece) && !allowedBare.has(piece))
      .map((piece) => `${file}: ${piece}`)
  })
}

/** Stands where code was. */
const hole = '\uFFFC'
const allowedBare = new Set(['Palier', '· Palier'])
