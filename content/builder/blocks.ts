import type { Report } from './problems.js'

export interface Attributes {
  readonly id?: string
  readonly classes: readonly string[]
  readonly values: Readonly<Record<string, string>>
}

/** Some lines of a source file; `line` is where the first of them stands. */
export interface Chunk {
  readonly text: string
  readonly line: number
}

export interface Block extends Chunk {
  readonly name: string
  readonly words: string
  readonly attributes: Attributes
  /** Line of the opening `:::`; `line` is that of the body. */
  readonly opensAt: number
}

export type Piece = ({ readonly kind: 'prose' } & Chunk) | ({ readonly kind: 'block' } & Block)

export const opening = /^:{3,}\s*([a-z][a-z-]*)\b(.*)$/
export const closing = /^:{3,}\s*$/
const codeFence = /^(```|~~~)/

/** How deep inside blocks and code each line stands; code counts, so that nothing in it is read. */
export function depths(lines: readonly string[]): number[] {
  let depth = 0
  let code = false
  return lines.map((line) => {
    if (codeFence.test(line)) code = !code
    if (code) return depth + 1
    if (opening.test(line)) return depth++
    if (closing.test(line) && depth > 0) return --depth
    return depth
  })
}

/** Cuts a chunk into prose and outermost blocks. */
export function piecesOf({ text, line }: Chunk, report: Report): Piece[] {
  const lines = text.split('\n')
  const depth = depths(lines)
  const pieces: Piece[] = []
  let prose: string[] = []
  let proseAt = 0
  const flush = (): void => {
    if (prose.some((each) => each.trim())) {
      pieces.push({ kind: 'prose', text: prose.join('\n'), line: line + proseAt })
    }
    prose = []
  }
  for (let at = 0; at < lines.length; at += 1) {
    const current = lines[at] ?? ''
    if (depth[at] === 0 && opening.test(current)) {
      flush()
      const end = endOf(lines, depth, at)
      if (end === lines.length) report(line + at, 'block', `this block is never closed: ${current}`)
      pieces.push(blockOf(lines.slice(at, end), line + at))
      at = end
    } else if (depth[at] === 0 && closing.test(current)) {
      report(line + at, 'block', 'this `:::` closes nothing')
    } else {
      if (prose.length === 0) proseAt = at
      prose.push(current)
    }
  }
  flush()
  return pieces
}

function endOf(lines: readonly string[], depth: readonly number[], from: number): number {
  for (let at = from + 1; at < lines.length; at += 1) {
    if (depth[at] === 0 && closing.test(lines[at] ?? '')) return at
  }
  return lines.length
}

function blockOf([head = '', ...body]: readonly string[], line: number): Piece {
  const [, name = '', rest = ''] = opening.exec(head) ?? []
  const { words, attributes } = attributesOf(rest)
  return {
    kind: 'block',
    name,
    words,
    attributes,
    opensAt: line,
    text: body.join('\n'),
    line: line + 1,
  }
}

/** Splits `Title {#id .class key=value}` into the title and what the braces say. */
export function attributesOf(text: string): { words: string; attributes: Attributes } {
  const [whole = '', inside = ''] = /\s*\{([^{}]*)\}\s*$/.exec(text) ?? []
  const words = text.slice(0, text.length - whole.length).trim()
  const classes: string[] = []
  const values: Record<string, string> = {}
  let id: string | undefined
  const token = /#([\w-]+)|\.([\w-]+)|([\w-]+)=(?:"([^"]*)"|(\S+))/g
  for (const [, hash, dot, key, quoted, plain] of inside.matchAll(token)) {
    if (hash) id = hash
    if (dot) classes.push(dot)
    if (key) values[key] = quoted ?? plain ?? ''
  }
  return { words, attributes: { ...(id ? { id } : {}), classes, values } }
}
