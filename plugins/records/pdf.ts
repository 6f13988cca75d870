import { createRequire } from 'node:module'
import type PDFDocument from 'pdfkit'
import type { Cell, RecordTable } from './contract.js'

/** What is put on paper: a heading, lines of text, tables. */
export interface Paper {
  readonly title: string
  readonly language: string
  readonly lines: readonly { readonly text: string; readonly size?: number }[]
  readonly tables: readonly RecordTable[]
  /** At the end, smaller. */
  readonly foot: readonly string[]
}

const ink = '#1b2427'
const brand = '#0b5c5f'
const size = 10

const font = (name: string): string =>
  createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`)

/**
 * Writes a tagged PDF (ISO 32000-1 §14.8, PDF/UA-1): headings, paragraphs and tables in reading order, the language and
 * the title declared, fonts embedded. Bytes come as they are made.
 */
export async function* pdfOf(paper: Paper): AsyncGenerator<Uint8Array> {
  // Loaded when somebody wants a file: it is as large as the rest of a page together.
  const { default: Document } = await import('pdfkit')
  const document = new Document({
    size: 'A4',
    margin: 56,
    pdfVersion: '1.7',
    // The types are those of an older version.
    subset: 'PDF/UA' as never,
    tagged: true,
    lang: paper.language,
    displayTitle: true,
    info: { Title: paper.title, Producer: 'Palier' },
  })
  document.registerFont('text', font('DejaVuSans'))
  document.registerFont('bold', font('DejaVuSans-Bold'))
  write(document, paper)
  document.end()
  yield* document as unknown as AsyncIterable<Uint8Array>
}

function write(
  document: typeof PDFDocument.prototype,
  { title, lines, tables, foot }: Paper,
): void {
  const root = document.struct('Document')
  document.addStructure(root)
  const say = (text: string, type: string): void => {
    root.add(document.struct(type, {}, () => document.text(text)))
    document.moveDown(0.4)
  }
  document.fillColor(brand).font('bold').fontSize(20)
  say(title, 'H1')
  document.fillColor(ink).font('text')
  for (const line of lines) {
    document.fontSize(line.size ?? size)
    say(line.text, 'P')
  }
  for (const { heading, columns, rows } of tables) {
    document.moveDown(0.8).font('bold').fontSize(13).fillColor(brand)
    say(heading, 'H2')
    document
      .font('text')
      .fontSize(size - 1)
      .fillColor(ink)
    document.table({
      structParent: root,
      defaultStyle: { border: { bottom: 0.5 }, borderColor: '#9aa5a8', padding: 4 },
      rowStyles: (row: number) => (row === 0 ? { border: { bottom: 1 } } : undefined),
      data: [
        columns.map((text) => ({ text, type: 'TH' as const, font: { src: 'bold' } })),
        ...rows.map((cells) => cells.map((cell) => ({ text: textOf(cell) }))),
      ],
    } as never)
  }
  document.moveDown(1).fontSize(size - 2)
  for (const text of foot) say(text, 'P')
  root.end()
}

const textOf = (cell: Cell): string => (typeof cell === 'string' ? cell : cell.text)
