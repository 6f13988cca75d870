import { createHash } from 'node:crypto'
import { paletteOf, type BrandColours } from './brand-colours.js'

/** What changes of `tokens.css` where an institution has a colour of its own. */
export function stylesheetOf(colour: string): string {
  const { light, dark } = paletteOf(colour)
  return [
    '@media (forced-colors: none){',
    `:root{${tokens(light)}}`,
    `:root[data-theme='dark']{${tokens(dark)}}`,
    `@media (prefers-color-scheme: dark){:root[data-theme='system']{${tokens(dark)}}}`,
    '}',
  ].join('\n')
}

/** The address of that stylesheet: it changes with what is in it, so that it may be kept for ever. */
export function stylesheetAddress(colour: string): string {
  const known = addresses.get(colour)
  if (known) return known
  const made = `/brand.css?colour=${colour.slice(1)}&v=${versionOf(stylesheetOf(colour))}`
  addresses.set(colour, made)
  return made
}

/** A short hash of a stylesheet, as its address bears it. */
export const versionOf = (stylesheet: string): string =>
  createHash('sha256').update(stylesheet).digest('hex').slice(0, 12)

const addresses = new Map<string, string>()

const tokens = ({ brand, onBrand, soft }: BrandColours): string =>
  `--brand:${brand};--on-brand:${onBrand};--brand-soft:${soft}`
