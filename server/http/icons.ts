import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { trusted, type SafeHtml } from './safe-html.js'

const folder = join(
  dirname(createRequire(import.meta.url).resolve('bootstrap-icons/package.json')),
  'icons',
)
const known = new Map<string, SafeHtml>()

/** An icon of Bootstrap Icons by name, drawn in the text's colour and silent to screen readers. */
export function icon(name: string): SafeHtml {
  const made = known.get(name) ?? read(name)
  known.set(name, made)
  return made
}

function read(name: string): SafeHtml {
  if (!/^[a-z0-9-]+$/.test(name)) throw new Error(`Not the name of an icon: ${name}`)
  const svg = readFileSync(join(folder, `${name}.svg`), 'utf8')
  const inner = /<svg[^>]*>([\s\S]*)<\/svg>/.exec(svg)?.[1]?.replace(/\s*\n\s*/g, '') ?? ''
  return trusted(
    `<svg class="icon" viewBox="0 0 16 16" width="16" height="16" fill="currentColor" aria-hidden="true" focusable="false">${inner}</svg>`,
  )
}
