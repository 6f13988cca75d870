import { BSONRegExp } from 'bson'
import { MongoError } from '../errors.js'

/** Classes that JavaScript does not know, as they are written inside brackets. */
const POSIX: Readonly<Record<string, string>> = {
  alpha: 'a-zA-Z',
  digit: '0-9',
  alnum: 'a-zA-Z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\\s',
  blank: ' \\t',
  punct: '!-\\/:-@\\[-`{-~',
  word: '\\w',
  xdigit: '0-9a-fA-F',
  cntrl: '\\x00-\\x1f\\x7f',
  print: '\\x20-\\x7e',
  graph: '\\x21-\\x7e',
}

/** Pattern and options of a regular expression of either type, or of text. */
export function patternOf(value: unknown): { pattern: string; options: string } | undefined {
  if (value instanceof BSONRegExp) return { pattern: value.pattern, options: value.options }
  if (value instanceof RegExp) return { pattern: value.source, options: value.flags }
  return typeof value === 'string' ? { pattern: value, options: '' } : undefined
}

/** Compiles a pattern of MongoDB's dialect, PCRE, for the engine at hand. */
export function compileRegex(pattern: string, options: string): RegExp {
  for (const option of options)
    if (!'imsxu'.includes(option))
      throw new MongoError(51108, `invalid flag in regex options: ${option}`)
  if (pattern.includes('\0'))
    throw new MongoError(51091, 'Regular expression cannot contain an embedded null byte')
  const inline = /^\(\?([imsx]+)\)/.exec(pattern)
  const all = options + (inline?.[1] ?? '')
  const body = inline === null ? pattern : pattern.slice(inline[0].length)
  const flags = [...'ims'].filter((flag) => all.includes(flag)).join('')
  const source = translate(all.includes('x') ? withoutSpace(body) : body, all.includes('m'))
  const isUnicode = /[\u0080-\uffff]|\\p\{|\\u\{/.test(source)
  return (isUnicode ? tryCompile(source, `${flags}u`) : undefined) ?? compile(source, flags)
}

function tryCompile(source: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(source, flags)
  } catch {
    return undefined
  }
}

function compile(source: string, flags: string): RegExp {
  try {
    return new RegExp(source, flags)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new MongoError(51091, `Regular expression is invalid: ${reason}`)
  }
}

/** Under `x` white space and comments are for the reader alone, except inside brackets. */
function withoutSpace(pattern: string): string {
  return pattern.replace(/\\[\s\S]|\[(?:\\.|[^\]\\])*\]|\s+|#[^\n]*/g, (part) => {
    return part.startsWith('\\') || part.startsWith('[') ? part : ''
  })
}

function translate(pattern: string, isMultiline: boolean): string {
  let source = pattern
    .replace(/\[:(\^?)(\w+):\]/g, (whole, not: string, name: string) => {
      return not === '' ? (POSIX[name] ?? whole) : whole
    })
    .replace(/\\([\s\S])/g, (whole, letter: string) => ESCAPES[letter] ?? whole)
    .replace(/\\x\{([0-9a-f]+)\}/gi, '\\u{$1}')
    .replace(/\(\?P?<([A-Za-z_]\w*)>/g, '(?<$1>')
  if (!isMultiline && /(?:^|[^\\])(?:\\\\)*\$$/.test(source))
    source = `${source.slice(0, -1)}(?:\\n?$)`
  return source
}

const ESCAPES: Readonly<Record<string, string>> = {
  A: '(?<![\\s\\S])',
  z: '(?![\\s\\S])',
  Z: '(?=\\n?(?![\\s\\S]))',
  h: '[ \\t]',
  R: '(?:\\r\\n|\\n|\\r)',
  e: '\\x1b',
  a: '\\x07',
}
