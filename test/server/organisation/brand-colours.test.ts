import { expect } from 'chai'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import {
  contrast,
  leastContrast,
  pairsOf,
  paletteOf,
  themes,
} from '../../../server/domain/organisation/settings/brand-colours.js'

const hex = (channel: number): string => channel.toString(16).padStart(2, '0')
const channel = fc.integer({ min: 0, max: 255 })
const anyColour = fc
  .tuple(channel, channel, channel)
  .map((channels) => `#${channels.map(hex).join('')}`)

describe('a brand colour', () => {
  it('can be read in both themes, whatever was given', () => {
    fc.assert(
      fc.property(anyColour, (given) => {
        const palette = paletteOf(given)
        for (const name of ['light', 'dark'] as const)
          for (const [text, on] of pairsOf(palette[name], themes[name]))
            expect(contrast(text, on), `${given} ${name}`).to.be.at.least(leastContrast)
      }),
      { numRuns: 2000 },
    )
  })

  it('can be read at every hue, fully saturated', () => {
    for (let hue = 0; hue < 360; hue += 1) {
      const share = (n: number): number => {
        const at = (n + hue / 60) % 6
        return Math.round(255 * (1 - Math.max(0, Math.min(at, 4 - at, 1))))
      }
      const { light, dark } = paletteOf(`#${[share(5), share(3), share(1)].map(hex).join('')}`)
      expect(contrast(light.brand, '#ffffff'), `hue ${hue}`).to.be.at.least(4.5)
      expect(contrast(dark.brand, themes.dark.paper), `hue ${hue}`).to.be.at.least(4.5)
    }
  })

  it('is left alone where it can be read, and else changed no more than needed', () => {
    expect(paletteOf('#0b5d63').light.brand).to.equal('#0b5d63')
    expect(paletteOf('#ffcc00').dark.brand).to.equal('#ffcc00')
    const { brand } = paletteOf('#ffcc00').light
    expect(brand).to.equal('#816700')
    expect(contrast('#836900', '#f0ede0'), 'one step lighter').to.be.below(leastContrast)
  })

  it('is judged against the colours that the pages have', () => {
    const [light = '', dark = ''] = readFileSync('views/assets/tokens.css', 'utf8').split('}')
    const token = (css: string, name: string) => new RegExp(`--${name}: (#\\w+)`).exec(css)?.[1]
    for (const [css, theme] of [
      [light, themes.light],
      [dark, themes.dark],
    ] as const) {
      for (const [name, value] of [
        ['paper', theme.paper],
        ['ground', theme.ground],
        ['ink', theme.ink],
        ['on-brand', theme.onBrand],
      ])
        expect(token(css, name ?? ''), name).to.equal(value)
    }
  })

  it('has the contrast that WCAG works out', () => {
    expect(contrast('#ffffff', '#000000')).to.be.closeTo(21, 0.001)
    expect(contrast('#777777', '#ffffff')).to.be.closeTo(4.478, 0.001)
  })
})
