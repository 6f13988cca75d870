import { isSeen, named } from './nodes.js'

type Colour = readonly [red: number, green: number, blue: number, alpha: number]

/** WCAG 2.2, 1.4.11. */
const least = 3

/** Edges of what can be used, and focus rings, that hardly differ from what is around them; what the browser draws is its own. */
export function nonText(): string[] {
  const fields =
    ':is(input, select, textarea):not([type=hidden], [type=file], [type=color], [type=checkbox], [type=radio])'
  const controls = [...document.querySelectorAll(`.button:not(.button--quiet), ${fields}, .meter`)]
  const faint = controls.filter(isSeen).flatMap((element) => {
    const best = Math.max(...edgesOf(element).map((edge) => contrast(edge, behind(element))))
    return best >= least ? [] : [`stands out by ${best.toFixed(2)}: ${named(element)}`]
  })
  return [...new Set([...faint, ...rings()])]
}

/** Whatever of an element shows where it is. */
function edgesOf(element: Element): Colour[] {
  const { borderTopColor, borderTopWidth, backgroundColor } = getComputedStyle(element)
  if (element.matches('.meter')) return [read(token('--brand'))]
  const border = Number.parseFloat(borderTopWidth) > 0 ? [read(borderTopColor)] : []
  return [...border, read(backgroundColor)]
}

/** The focus ring against everything it is drawn on. */
const rings = (): string[] =>
  ['--paper', '--ground', '--brand-soft'].flatMap((ground) => {
    const there = contrast(read(token('--focus')), read(token(ground)))
    return there >= least ? [] : [`the focus ring stands out by ${there.toFixed(2)} on ${ground}`]
  })

const token = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim()

function behind(element: Element): Colour {
  for (let around = element.parentElement; around; around = around.parentElement) {
    const colour = read(getComputedStyle(around).backgroundColor)
    if (colour[3] === 1) return colour
  }
  return [255, 255, 255, 1]
}

function read(colour: string): Colour {
  const hex = /^#(..)(..)(..)$/.exec(colour)
  if (hex) return [...hex.slice(1).map((pair) => Number.parseInt(pair, 16)), 1] as unknown as Colour
  const [red = 0, green = 0, blue = 0, alpha = 1] = (colour.match(/[\d.]+/g) ?? []).map(Number)
  return [red, green, blue, alpha]
}

function contrast(one: Colour, other: Colour): number {
  if (one[3] === 0) return 1
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (lighter + 0.05) / (darker + 0.05)
}

function luminance([red, green, blue]: Colour): number {
  const [r = 0, g = 0, b = 0] = [red, green, blue].map((channel) => {
    const share = channel / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** What moves although the reader has asked for less motion; seconds. */
export function moving(): string[] {
  const longest = (all: string): number => Math.max(...all.split(',').map(Number.parseFloat))
  return [...document.querySelectorAll('body *')].flatMap((element) => {
    const { transitionDuration, animationDuration, scrollBehavior } = getComputedStyle(element)
    const still = longest(transitionDuration) < 0.01 && longest(animationDuration) < 0.01
    return still && scrollBehavior !== 'smooth' ? [] : [`moves: ${named(element)}`]
  })
}
