import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Texts } from '../player/course.js'

const here = dirname(fileURLToPath(import.meta.url))

/** A folder of `content/`, wherever the builder has been bundled to. */
export function contentFolder(name: 'player' | 'builder/template'): string {
  for (let at = here; ; at = dirname(at)) {
    const found = [join(at, name), join(at, 'content', name)].find((path) => existsSync(path))
    if (found) return found
    if (dirname(at) === at) throw new Error(`content/${name} is not beside the builder`)
  }
}

/** The player's own words in one language. */
export function textsOf(language: string): Texts {
  const file = join(contentFolder('player'), 'locales', `${language}.json`)
  return JSON.parse(readFileSync(file, 'utf8')) as Texts
}
