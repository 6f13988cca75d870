import { expect } from 'chai'
import { buffer } from 'node:stream/consumers'
import { Readable } from 'node:stream'
import { formatFor } from '../../../server/http/format.js'
import { listFile, type ListFile } from '../../../server/http/list-files.js'
import { toPage, windowOf } from '../../../server/http/lists.js'
import { translator } from '../../../server/platform/i18n.js'
import { startTestApp } from '../../support/app.js'
import { sheetOf } from '../../support/archives.js'

interface Line {
  readonly name: string
  readonly score: number
  readonly day: string
  readonly at: string
}

const file: ListFile<Line> = {
  name: 'core:pager.label',
  columns: [
    { label: 'core:admin.job', value: ({ name }) => name },
    { label: 'core:admin.tries', kind: 'number', value: ({ score }) => score },
    { label: 'core:admin.when', kind: 'day', value: ({ day }) => day },
    { label: 'core:admin.when', kind: 'moment', value: ({ at }) => at },
  ],
}

const line = (name: string, score = 12.5): Line => ({
  name,
  score,
  day: '2026-03-01',
  at: '2026-07-01T22:30:00.000Z',
})

describe('a list as a file', () => {
  before(() => startTestApp())

  const written = async (
    lines: readonly Line[],
    format: 'csv' | 'xlsx',
    language: string,
  ): Promise<Buffer> => {
    const reader = {
      t: translator(language),
      language,
      format: formatFor(language, 'Europe/Paris'),
    }
    const load = (query: object) => {
      const { skip, limit } = windowOf(query as { page: number })
      const page = { path: '/', query: query as { page: number } }
      return Promise.resolve(toPage(lines.slice(skip, skip + limit), lines.length, page))
    }
    const { body } = await listFile({ file, format, query: { page: 7 }, reader, load })
    return buffer(Readable.from(body as AsyncIterable<Uint8Array>))
  }

  it('holds every page once, whatever page it was asked from', async () => {
    const lines = Array.from({ length: 1234 }, (_, at) => line(`n${at}`))
    const csv = (await written(lines, 'csv', 'en')).toString()
    expect([...csv.matchAll(/^n(\d+),/gm)].map(([, at]) => Number(at))).to.deep.equal(
      lines.map((_, at) => at),
    )
    const sheet = await sheetOf(await written(lines, 'xlsx', 'en'))
    expect(sheet.slice(1).map(([name]) => name)).to.deep.equal(lines.map(({ name }) => name))
  })

  it('is written as a spreadsheet of the reader’s country reads it', async () => {
    const [english, french] = await Promise.all(
      ['en', 'fr'].map(async (language) =>
        (await written([line('Zoé')], 'csv', language)).toString(),
      ),
    )
    expect(english)
      .to.match(/^\uFEFF/)
      .and.include('Zoé,12.5,2026-03-01,2026-07-02 00:30')
    expect(french).to.include('Zoé;12,5;2026-03-01;2026-07-02 00:30')
  })

  it('keeps numbers and days as such in a workbook, in the reader’s time zone', async () => {
    const [, row] = await sheetOf(await written([line('Zoé')], 'xlsx', 'es'))
    expect(row?.slice(0, 3)).to.deep.equal(['Zoé', 12.5, 46082])
    expect(row?.[3]).to.be.closeTo(46205 + 30 / 1440, 1e-9)
  })

  it('runs no formula, and takes any text', async () => {
    const evil = ['=cmd|calc', '+1', '@x', '<a>&"\u0001\u000B\uD800', 'a;b,"c"\n']
    const lines = evil.map((name) => line(name))
    expect((await written(lines, 'csv', 'fr')).toString()).to.include("'=cmd|calc;")
    const sheet = await sheetOf(await written(lines, 'xlsx', 'fr'))
    expect(sheet.slice(1).map(([name]) => name)).to.deep.equal([
      ...['=cmd|calc', '+1', '@x', '<a>&"', 'a;b,"c"\n'],
    ])
  })

  it('writes a negative number as a number, and a text that begins like one as a text', async () => {
    const text = (await written([line('-1', -0.5)], 'csv', 'fr')).toString()
    expect(text).to.include("'-1;-0,5;2026-03-01")
  })

  it('breaks off rather than looking whole when a page cannot be fetched', async () => {
    const reader = { t: translator('en'), language: 'en', format: formatFor('en') }
    const load = (query: object) =>
      (query as { page: number }).page > 1
        ? Promise.reject(new Error('the database is gone'))
        : Promise.resolve({ items: [line('a')], next: '/?page=2', total: 2 })
    for (const format of ['csv', 'xlsx'] as const) {
      const { body } = await listFile({ file, format, query: {}, reader, load })
      const failed = await buffer(Readable.from(body as AsyncIterable<Uint8Array>)).then(
        () => 'whole',
        (error: Error) => error.message,
      )
      expect(failed).to.equal('the database is gone')
    }
  })
})
