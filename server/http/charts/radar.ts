import { html, trusted, type SafeHtml } from '../safe-html.js'

/** One line around the radar: a value per axis, in the order of the axes. */
export interface RadarSeries {
  /** Names its colour and line: `charts__<kind>` in the style sheet. */
  readonly kind: 'level' | 'target' | 'self'
  readonly name: string
  readonly values: readonly (number | null)[]
}

export interface Radar {
  /** What the picture says, for who cannot see it. */
  readonly title: string
  readonly axes: readonly string[]
  readonly series: readonly RadarSeries[]
  readonly max: number
}

const [width, height, radius] = [440, 330, 112]
const [middleX, middleY] = [width / 2, height / 2]

/** A radar as SVG, coloured by the reader's theme. With fewer than three axes there is no surface: it is empty. */
export function radarChart({ title, axes, series, max }: Radar): SafeHtml {
  if (axes.length < 3) return trusted('')
  const at = (axis: number, value: number): readonly [number, number] => {
    const angle = (axis / axes.length) * 2 * Math.PI - Math.PI / 2
    const distance = (value / max) * radius
    return [
      round(middleX + Math.cos(angle) * distance),
      round(middleY + Math.sin(angle) * distance),
    ]
  }
  const ring = (value: number): string => axes.map((_, axis) => at(axis, value).join(',')).join(' ')
  const rings = steps(max).map(
    (step) => html`<polygon class="charts__grid" points="${ring(step)}" />`,
  )
  const spokes = axes.map((_, axis) => {
    const [x, y] = at(axis, max)
    return html`<line class="charts__grid" x1="${middleX}" y1="${middleY}" x2="${x}" y2="${y}" />`
  })
  const labels = axes.map((label, axis) => labelAt(label, at(axis, max * 1.13)))
  return html`<svg
    class="charts charts--radar"
    viewBox="0 0 ${width} ${height}"
    width="${width}"
    height="${height}"
    role="img"
    aria-label="${title}"
  >
    ${rings}${spokes}${series.map((one) => shape(one, at))}${labels}
  </svg>`
}

const steps = (max: number): number[] => Array.from({ length: max }, (_, step) => step + 1)

type At = (axis: number, value: number) => readonly [number, number]

/** A surface of what is known; what a person says of themself is dots alone, so that it is read beside the level. */
function shape({ kind, values }: RadarSeries, at: At): SafeHtml {
  const points = values.map((value, axis) => at(axis, value ?? 0).join(',')).join(' ')
  const dots = values.flatMap((value, axis) => {
    if (value === null) return []
    const [x, y] = at(axis, value)
    return [
      html`<circle
        class="charts__dot charts__dot--${kind}"
        cx="${x}"
        cy="${y}"
        r="${kind === 'self' ? 5 : 3}"
      />`,
    ]
  })
  const surface =
    kind === 'self'
      ? trusted('')
      : html`<polygon class="charts__shape charts__shape--${kind}" points="${points}" />`
  return html`${surface}${kind === 'target' ? [] : dots}`
}

/** Beside its axis, in lines of a few words. */
function labelAt(label: string, [x, y]: readonly [number, number]): SafeHtml {
  const lines = wrap(label, 13)
  const anchor = Math.abs(x - middleX) < 8 ? 'middle' : x > middleX ? 'start' : 'end'
  const rise =
    y < middleY - radius ? lines.length - 1 : y > middleY + radius ? 0 : (lines.length - 1) / 2
  const first = round(y + 4 - rise * 15)
  const spans = lines.map(
    (line, number) => html`<tspan x="${x}" y="${first + number * 15}">${line}</tspan>`,
  )
  return html`<text class="charts__label" text-anchor="${anchor}">${spans}</text>`
}

function wrap(text: string, longest: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && `${last} ${word}`.length <= longest)
      lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}

const round = (value: number): number => Math.round(value * 10) / 10
