/** A colour as three channels from 0 to 255. */
type Channels = readonly [red: number, green: number, blue: number]

/** What lies behind and upon the brand colour in one theme, as `tokens.css` says. */
interface Theme {
  readonly paper: string
  readonly ground: string
  /** What is written on the brand colour. */
  readonly onBrand: string
  readonly ink: string
  /** How much of the brand colour is in the soft one. */
  readonly softness: number
}

export const themes: Readonly<Record<'light' | 'dark', Theme>> = {
  light: {
    ...{ paper: '#ffffff', ground: '#f6f7f5', ink: '#1c2526' },
    onBrand: '#ffffff',
    softness: 0.12,
  },
  dark: {
    ...{ paper: '#182022', ground: '#101618', ink: '#e9eeec' },
    onBrand: '#072527',
    softness: 0.2,
  },
}

/** The colours that an institution's own gives in one theme, as `#rrggbb`. */
export interface BrandColours {
  readonly brand: string
  readonly onBrand: string
  readonly soft: string
}

export interface Palette {
  readonly light: BrandColours
  readonly dark: BrandColours
}

/** The least contrast between a text and what it stands on (WCAG 2.2, 1.4.3). */
export const leastContrast = 4.5

/**
 * The colours of both themes made of one, `#rrggbb`. Where it could not be read, it is made darker (in the light theme) or
 * lighter (in the dark one) by as little as gives every pair of text and ground a contrast of 4.5.
 */
export const paletteOf = (colour: string): Palette => ({
  light: nearest(colour, themes.light, -1),
  dark: nearest(colour, themes.dark, 1),
})

/** The contrast of two colours, from 1 to 21 (WCAG 2.2). */
export function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (lighter + 0.05) / (darker + 0.05)
}

/** Every text that stands on something of the brand's colours in a theme, with what it stands on. */
export function pairsOf(
  { brand, onBrand, soft }: BrandColours,
  { paper, ground, ink }: Theme,
): readonly (readonly [text: string, on: string])[] {
  return [
    [brand, paper],
    [brand, ground],
    [brand, soft],
    [onBrand, brand],
    [ink, soft],
  ]
}

const steps = 255

/** Walks from a colour towards black or white, and stops at the first that can be read. */
function nearest(colour: string, theme: Theme, towards: 1 | -1): BrandColours {
  const [hue, saturation, lightness] = hslOf(channelsOf(colour))
  for (let step = 0; step <= steps; step += 1) {
    const there = Math.min(1, Math.max(0, lightness + (towards * step) / steps))
    const brand = step === 0 ? colour : hexOf(channelsOfHsl([hue, saturation, there]))
    const colours = withBrand(brand, theme)
    if (isReadable(colours, theme)) return colours
  }
  throw new Error(`No shade of ${colour} can be read`)
}

const withBrand = (brand: string, { onBrand, paper, softness }: Theme): BrandColours => ({
  brand,
  onBrand,
  soft: mixed(paper, brand, softness),
})

const isReadable = (colours: BrandColours, theme: Theme): boolean =>
  pairsOf(colours, theme).every(([text, on]) => contrast(text, on) >= leastContrast)

const channelsOf = (hex: string): Channels => [
  Number.parseInt(hex.slice(1, 3), 16),
  Number.parseInt(hex.slice(3, 5), 16),
  Number.parseInt(hex.slice(5, 7), 16),
]

const hexOf = (channels: Channels): string =>
  `#${channels.map((channel) => Math.round(channel).toString(16).padStart(2, '0')).join('')}`

function mixed(one: string, other: string, share: number): string {
  const [from, to] = [channelsOf(one), channelsOf(other)]
  const channel = (at: 0 | 1 | 2): number => from[at] * (1 - share) + to[at] * share
  return hexOf([channel(0), channel(1), channel(2)])
}

/** Relative luminance, from 0 to 1 (WCAG 2.2). */
function luminance(hex: string): number {
  const [red, green, blue] = channelsOf(hex).map(linear) as unknown as Channels
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function linear(channel: number): number {
  const share = channel / 255
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
}

/** Hue in degrees, saturation and lightness from 0 to 1. */
function hslOf(channels: Channels): Channels {
  const [red, green, blue] = channels.map((channel) => channel / 255) as unknown as Channels
  const most = Math.max(red, green, blue)
  const range = most - Math.min(red, green, blue)
  const lightness = most - range / 2
  if (range === 0) return [0, 0, lightness]
  const saturation = range / (1 - Math.abs(2 * lightness - 1))
  return [60 * hueOf([red, green, blue], most, range), saturation, lightness]
}

/** In sixths of the circle. */
function hueOf([red, green, blue]: Channels, most: number, range: number): number {
  if (most === red) return ((green - blue) / range + 6) % 6
  if (most === green) return (blue - red) / range + 2
  return (red - green) / range + 4
}

/** CSS Color 4, §7.1. */
function channelsOfHsl([hue, saturation, lightness]: Channels): Channels {
  const channel = (n: number): number => {
    const at = (n + hue / 30) % 12
    const most = saturation * Math.min(lightness, 1 - lightness)
    return 255 * (lightness - most * Math.max(-1, Math.min(at - 3, 9 - at, 1)))
  }
  return [channel(0), channel(8), channel(4)]
}
