import { escapeHtml } from './html.js'

export interface Drawing {
  readonly html: string
  readonly width: number
  readonly height: number
}

const heaviest = 60 * 1024

/** What is wrong with a drawing that is to stand inside a page; nothing when it may. */
export function svgProblems(source: string): string[] {
  const wrong: string[] = []
  if (!/<svg\b/.test(source)) return ['not an SVG drawing']
  if (!/viewBox="[\d.\s-]+"/.test(source)) wrong.push('the <svg> has no viewBox')
  if (/<script|<foreignObject|\son\w+\s*=|javascript:/i.test(source)) wrong.push('holds a script')
  if (/(?:href|src)\s*=\s*"(?!#)|url\(\s*['"]?(?!#|['"]?#)|@import/i.test(source)) {
    wrong.push('refers to something outside itself')
  }
  if (source.length > heaviest)
    wrong.push(`weighs ${Math.ceil(source.length / 1024)} KB, more than 60`)
  return wrong
}

/** The drawing for a page: named for those who cannot see it, its ids apart from other drawings'. */
export function drawingOf(
  source: string,
  { alt, prefix }: { alt: string; prefix: string },
): Drawing {
  const [, x = '0', y = '0', width = '640', height = '360'] =
    /viewBox="([\d.-]+)[\s,]+([\d.-]+)[\s,]+([\d.]+)[\s,]+([\d.]+)"/.exec(source) ?? []
  const inside = /<svg\b[^>]*>([\s\S]*)<\/svg>/.exec(source)?.[1] ?? ''
  const shared = /<svg\b([^>]*)>/.exec(source)?.[1] ?? ''
  const kept = [
    ...shared.matchAll(/\s(fill|stroke|font-[a-z]+|stroke-[a-z]+|text-anchor)="[^"]*"/g),
  ]
  const named = alt === '-' ? 'aria-hidden="true"' : `role="img" aria-label="${escapeHtml(alt)}"`
  const body = inside
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/<(title|desc|metadata)\b[\s\S]*?<\/\1>/g, '')
    .replace(/\bid="([^"]+)"/g, `id="${prefix}$1"`)
    .replace(/url\(#([^)]+)\)/g, `url(#${prefix}$1)`)
    .replace(/href="#([^"]+)"/g, `href="#${prefix}$1"`)
    .replace(/>\s+</g, '><')
    .trim()
  const html = `<svg viewBox="${x} ${y} ${width} ${height}" width="${width}" height="${height}" ${named}${kept.map(([each]) => each).join('')}>${body}</svg>`
  return { html, width: Number(width), height: Number(height) }
}
