import { SaxesParser } from 'saxes'
import { ManifestProblem } from './problems.js'

/** An element by its local name: prefixes and the many spellings of SCORM's namespaces do not matter. */
export interface XmlElement {
  readonly name: string
  readonly namespace: string
  /** By local name in lower case (`adlcp:scormtype` of 1.2 is `adlcp:scormType` in 2004). */
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly XmlElement[]
  readonly text: string
  readonly line: number
}

interface Open {
  name: string
  namespace: string
  attributes: Map<string, string>
  children: XmlElement[]
  text: string
  line: number
}

const deepest = 64

/** Reads a document whole. Refuses doctypes, entities, and nesting past 64, before any of it is built. */
export function readXml(xml: string): XmlElement {
  const parser = new SaxesParser({ xmlns: true })
  const open: Open[] = []
  let root: Open | undefined

  parser.on('doctype', () => {
    throw new ManifestProblem('manifest-dtd')
  })
  parser.on('error', (error) => {
    throw malformed(error.message, parser.line, parser.column)
  })
  parser.on('opentag', (tag) => {
    if (open.length >= deepest) throw new ManifestProblem('manifest-too-deep', { limit: deepest })
    const element: Open = {
      name: tag.local,
      namespace: tag.uri,
      attributes: attributesOf(tag.attributes),
      children: [],
      text: '',
      line: parser.line,
    }
    open.at(-1)?.children.push(element)
    root ??= element
    open.push(element)
  })
  const addText = (text: string): void => {
    const inner = open.at(-1)
    if (inner) inner.text += text
  }
  parser.on('text', addText)
  parser.on('cdata', addText)
  parser.on('closetag', () => void open.pop())

  parser.write(xml).close()
  if (!root) throw malformed('no element', 1, 0)
  return root
}

/** The first child of that name. */
export const child = (element: XmlElement | undefined, name: string): XmlElement | undefined =>
  element?.children.find((inner) => inner.name === name)

export const childrenNamed = (
  element: XmlElement | undefined,
  name: string,
): readonly XmlElement[] => element?.children.filter((inner) => inner.name === name) ?? []

/** The words of a child, spaces collapsed, or undefined where there are none. */
export const textOf = (element: XmlElement | undefined, name: string): string | undefined =>
  collapse(child(element, name)?.text ?? '') || undefined

/** An attribute with white space trimmed and collapsed, as xs:ID and xs:anyURI say. */
export const attribute = (element: XmlElement | undefined, name: string): string | undefined =>
  collapse(element?.attributes.get(name.toLowerCase()) ?? '') || undefined

/** Every element below, itself included, in document order. */
export function* descendants(element: XmlElement): Generator<XmlElement> {
  yield element
  for (const inner of element.children) yield* descendants(inner)
}

export const collapse = (text: string): string => text.replace(/[\t\n\r ]+/g, ' ').trim()

function attributesOf(
  attributes: Record<string, { local: string; value: string; prefix: string }>,
): Map<string, string> {
  const named = Object.values(attributes).filter(({ prefix }) => prefix !== 'xmlns')
  return new Map(
    named.map(({ local, value, prefix }) => {
      const name = local.toLowerCase()
      return [prefix === 'xml' ? `xml:${name}` : name, value]
    }),
  )
}

const malformed = (reason: string, line: number, column: number): ManifestProblem =>
  new ManifestProblem('manifest-malformed', {
    reason: reason.replace(/^\d+:\d+: /, ''),
    line,
    column,
  })
