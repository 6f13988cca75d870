import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { contentLanguages, type Language } from './sources.js'
import { contentFolder } from './texts.js'

/** Writes the start of a module, its id the folder's name. Throws where the folder exists already. */
export function startModule(given: string, wanted: readonly string[]): void {
  const folder = resolve(given)
  const id = basename(folder)
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id)) {
    throw new Error(`${id}: the folder is named in lower-case words joined by -`)
  }
  if (existsSync(folder)) throw new Error(`${given} exists already; nothing was written`)
  const languages = wanted.map(languageOf)
  const template = contentFolder('builder/template')
  mkdirSync(folder, { recursive: true })
  cpSync(join(template, 'images'), join(folder, 'images'), { recursive: true })
  for (const language of languages) {
    cpSync(join(template, 'en'), join(folder, language), { recursive: true })
  }
  const meta: unknown = JSON.parse(readFileSync(join(template, 'module.json'), 'utf8'))
  const facts = { ...(meta as object), id, languages, source: languages[0] }
  writeFileSync(join(folder, 'module.json'), `${JSON.stringify(facts, null, 2)}\n`)
}

function languageOf(text: string): Language {
  const language = contentLanguages.find((each) => each === text.trim())
  if (!language) throw new Error(`languages are ${contentLanguages.join(', ')}; not "${text}"`)
  return language
}
