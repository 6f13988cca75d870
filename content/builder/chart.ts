import { escapeHtml } from './html.js'

export interface Figures {
  readonly labels: readonly string[]
  readonly series: readonly { readonly name: string; readonly values: readonly number[] }[]
}

export const chartKinds = ['bar', 'line', 'stack'] as const
export type ChartKind = (typeof chartKinds)[number]

/** Reads the Markdown table of a chart; a cell that is no number is named in `wrong`. */
export function figuresOf(text: string): { figures: Figures; wrong: string[] } {
  const rows = text
    .split('\n')
    .filter((line) => /^\s*\|/.test(line))
    .map((line) =>
      line
        .trim()
        .replace(/^\||\|$/g, '')
        .split('|')
        .map((cell) => cell.trim()),
    )
    .filter((cells) => !cells.every((cell) => /^:?-+:?$/.test(cell)))
  const [head = [], ...body] = rows
  const wrong = body.flatMap((cells) => cells.slice(1).filter((cell) => !isNumber(cell)))
  const series = head.slice(1).map((name, at) => ({
    name,
    values: body.map((cells) => Number(cells[at + 1] ?? 0) || 0),
  }))
  return { figures: { labels: body.map(([label = '']) => label), series }, wrong }
}

const isNumber = (cell: string): boolean => /^-?\d+(\.\d+)?$/.test(cell)

const [width, height, left, right, top, bottom] = [640, 360, 56, 12, 24, 44]
const plotWidth = width - left - right
const plotHeight = height - top - bottom

interface Frame {
  readonly most: number
  y(value: number): number
  readonly step: number
}

/** Draws the figures as SVG, coloured by the reader's theme. Its table says the same in words. */
export function chartSvg(
  kind: ChartKind,
  figures: Figures,
  { alt, unit }: { readonly alt: string; readonly unit: string },
): string {
  const totals = figures.labels.map((_, at) =>
    figures.series.reduce((sum, { values }) => sum + (values[at] ?? 0), 0),
  )
  const highest = Math.max(
    1,
    ...(kind === 'stack' ? totals : figures.series.flatMap(({ values }) => values)),
  )
  const most = niceMost(highest)
  const frame: Frame = {
    most,
    y: (value) => top + plotHeight - (value / most) * plotHeight,
    step: plotWidth / Math.max(1, figures.labels.length),
  }
  const marks = kind === 'line' ? lines(figures, frame) : bars(figures, frame, kind === 'stack')
  return `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeHtml(alt)}" class="chart">${axes(figures, frame, unit)}${marks}</svg>`
}

function niceMost(highest: number): number {
  const power = 10 ** Math.floor(Math.log10(highest))
  const steps = [1, 1.5, 2, 3, 4, 5, 6, 8, 10]
  return (steps.find((step) => step * power >= highest) ?? 10) * power
}

const round = (value: number): number => Math.round(value * 10) / 10

function axes({ labels }: Figures, frame: Frame, unit: string): string {
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) => share * frame.most)
  const grid = ticks.map(
    (tick) =>
      `<line class="grid" x1="${left}" x2="${width - right}" y1="${round(frame.y(tick))}" y2="${round(frame.y(tick))}"/><text x="${left - 8}" y="${round(frame.y(tick) + 5)}" text-anchor="end">${round(tick)}</text>`,
  )
  const below = labels.map(
    (label, at) =>
      `<text x="${round(left + frame.step * (at + 0.5))}" y="${height - 20}" text-anchor="middle">${escapeHtml(label)}</text>`,
  )
  return `${grid.join('')}${below.join('')}<text x="4" y="14">${escapeHtml(unit)}</text>`
}

function bars({ labels, series }: Figures, frame: Frame, stacked: boolean): string {
  const slot = frame.step * 0.7
  const each = stacked ? slot : slot / series.length
  const base = labels.map(() => 0)
  return series
    .flatMap(({ values }, index) =>
      values.map((value, at) => {
        const from = stacked ? (base[at] ?? 0) : 0
        if (stacked) base[at] = from + value
        const x = left + frame.step * at + (frame.step - slot) / 2 + (stacked ? 0 : each * index)
        const y = frame.y(from + value)
        const label =
          each >= 22 && !stacked
            ? `<text class="value" x="${round(x + each / 2)}" y="${round(y - 4)}" text-anchor="middle">${value}</text>`
            : ''
        return `<rect class="series s${index}" x="${round(x)}" y="${round(y)}" width="${round(each - 2)}" height="${round(frame.y(from) - y)}"/>${label}`
      }),
    )
    .join('')
}

function lines({ series }: Figures, frame: Frame): string {
  return series
    .map(({ values }, index) => {
      const points = values.map(
        (value, at) => [round(left + frame.step * (at + 0.5)), round(frame.y(value))] as const,
      )
      const path = points.map(([x, y]) => `${x},${y}`).join(' ')
      const dots = points.map(
        ([x, y]) => `<circle class="dot s${index}" cx="${x}" cy="${y}" r="4"/>`,
      )
      return `<polyline class="line s${index}" points="${path}"/>${dots.join('')}`
    })
    .join('')
}
