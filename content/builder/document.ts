import { z } from 'zod'
import { attributesOf, depths, type Attributes, type Chunk } from './blocks.js'
import type { Report } from './problems.js'

const frontMatter = z.strictObject({
  title: z.string().min(1),
  summary: z.string().default(''),
  minutes: z.coerce.number().int().positive().optional(),
})
export type FrontMatter = z.infer<typeof frontMatter>

export interface SectionSource extends Chunk {
  readonly title: string
  readonly attributes: Attributes
  /** Line of the heading; `line` is that of the text below it. */
  readonly headingAt: number
}

export interface Document {
  readonly front: FrontMatter
  readonly opening: Chunk
  readonly sections: readonly SectionSource[]
}

/** Reads a source file: front matter, what stands before the first `##`, and the sections. */
export function readDocument(text: string, report: Report): Document {
  const lines = text
    .replace(/\r\n?/g, '\n')
    .replace(/^\uFEFF/, '')
    .split('\n')
  const { front, bodyAt } = readFront(lines, report)
  const body = lines.slice(bodyAt)
  const depth = depths(body)
  const starts = body.flatMap((line, at) => (depth[at] === 0 && /^##\s/.test(line) ? [at] : []))
  body.forEach((line, at) => {
    if (depth[at] === 0 && /^#\s/.test(line)) {
      report(
        bodyAt + at + 1,
        'block',
        'a file has no `#` heading: its title is in the front matter',
      )
    }
  })
  const cut = (from: number, to: number): Chunk => ({
    text: body.slice(from, to).join('\n'),
    line: bodyAt + from + 1,
  })
  return {
    front,
    opening: cut(0, starts[0] ?? body.length),
    sections: starts.map((at, index) => {
      const { words, attributes } = attributesOf((body[at] ?? '').replace(/^##\s+/, ''))
      return {
        ...cut(at + 1, starts[index + 1] ?? body.length),
        title: words,
        attributes,
        headingAt: bodyAt + at + 1,
      }
    }),
  }
}

function readFront(
  lines: readonly string[],
  report: Report,
): { front: FrontMatter; bodyAt: number } {
  const end = lines[0]?.trim() === '---' ? lines.indexOf('---', 1) : -1
  if (end < 0) {
    report(1, 'front-matter', 'the file starts with `---`, `title: …`, `---`')
    return { front: { title: '', summary: '' }, bodyAt: 0 }
  }
  const pairs = lines.slice(1, end).flatMap((line, at): [string, string][] => {
    if (!line.trim()) return []
    const [, key, value = ''] = /^([a-z]+):\s*(.*)$/.exec(line) ?? []
    if (!key) report(at + 2, 'front-matter', `not \`key: value\`: ${line}`)
    return key ? [[key, value.replace(/^"(.*)"$/, '$1').trim()]] : []
  })
  const parsed = frontMatter.safeParse(Object.fromEntries(pairs))
  if (parsed.success) return { front: parsed.data, bodyAt: end + 1 }
  for (const { path, message } of parsed.error.issues) {
    report(1, 'front-matter', `${path.join('.') || 'front matter'}: ${message}`)
  }
  return { front: { title: '', summary: '' }, bodyAt: end + 1 }
}
