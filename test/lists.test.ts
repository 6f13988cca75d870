import { expect } from 'chai'
import { parse } from 'csv-parse/sync'
import type { ZodEnum, ZodObject, ZodOptional } from 'zod'
import { tidyAccounts } from '../server/domain/people/jobs.js'
import type { Route, Shows } from '../server/http/routes.js'
import { enqueue } from '../server/platform/jobs.js'
import { withDemo, type TestApp } from './support/app.js'
import { sheetOf } from './support/archives.js'
import { eventually } from './server/learning/support/taking.js'
import { signIn } from './support/session.js'

/** Read as one goes along, like letters: nobody takes these away as a table. */
const conversations = [
  '/notifications',
  '/courses/:course/messages',
  '/forums/:forum/topics',
  '/topics/:topic/posts',
]

const admin = 'admin@demo.palier'
/** An administrator leads nobody. */
const manager = 'manager@demo.palier'

interface List extends Route {
  readonly shows: Shows
}

describe('every list', function () {
  this.timeout(120_000)
  let palier: TestApp
  let lists: List[]
  let cookies: Map<string, string>

  before(async () => {
    palier = await withDemo()
    cookies = new Map()
    for (const email of [admin, manager]) cookies.set(email, await signIn(palier.url, email))
    lists = palier.app.tables.flatMap(({ entries }) => entries).filter(isList)
  })

  it('is found among the routes', () => {
    expect(lists.length).to.be.above(12)
  })

  it('can be taken away, but for conversations', () => {
    const kept = lists.filter(({ shows }) => !shows.file).map(({ path }) => path)
    expect(kept).to.have.members(conversations)
  })

  it('says its page, its words and its order in the address', () => {
    for (const { path, shows } of taken()) {
      expect(shows.query?.shape, path).to.include.keys('page', 'q', 'sort', 'format')
    }
  })

  it('finds by words, and nothing by words that nowhere are', async () => {
    const deaf: string[] = []
    for (const list of taken()) {
      const address = await anAddress(list)
      if (!address) continue
      const visitor = await palier.as(visitorOf(list.path))
      const { json } = await visitor.get(`${address}?q=qxzzyq`)
      if (json.total !== 0 || json.items.length > 0) deaf.push(list.path)
    }
    expect(deaf).to.deep.equal([])
    const visitor = await palier.as(admin)
    const found = async (address: string): Promise<number> =>
      (await visitor.get(address)).json.total as number
    const [assigned] = (await visitor.get('/assignments')).json.items
    const all = await found('/admin/audit')
    await visitor.post('/me/agenda/address')
    await enqueue(tidyAccounts, undefined)
    expect(await found(`/assignments?q=${assigned.course.title}`)).to.be.above(0)
    expect(await found('/admin/jobs?q=tidy-accounts')).to.be.above(0)
    const name = (await visitor.get('/admin/audit')).json.items[0].actor as string
    expect(await found(`/admin/audit?q=${name}`)).to.be.within(1, all)
    const units = '/units/ispm/competencies?by=people'
    expect(await found(`${units}&q=${name}`)).to.equal(1)
  })

  it('gives as a file what its page shows, as CSV and as a workbook', async () => {
    for (const list of taken()) {
      const { path, shows } = list
      const address = await anAddress(list)
      if (!address) continue
      const visitor = await palier.as(visitorOf(path))
      const { json, status } = await visitor.get(address)
      expect(status, address).to.equal(200)
      const csv = await visitor.get(`${address}?format=csv`)
      expect(csv.headers.get('content-type'), address).to.equal('text/csv; charset=utf-8')
      expect(csv.headers.get('content-disposition'), address).to.match(
        /filename="?[a-z-]+-\d{4}-\d\d-\d\d\.csv"?/,
      )
      const rows = parse(csv.text, { bom: true }) as string[][]
      expect(rows[0]?.length, address).to.equal(shows.file?.columns.length)
      if (!shows.file?.rows) expect(rows.length - 1, address).to.equal(json.total)
      const book = await fetch(new URL(`${address}?format=xlsx`, palier.url), {
        headers: { cookie: cookies.get(visitorOf(path)) ?? '' },
      })
      const sheet = await sheetOf(Buffer.from(await book.arrayBuffer()))
      expect(sheet.length, address).to.equal(rows.length)
      expect(sheet[0], address).to.deep.equal(rows[0])
    }
  })

  it('is turned round by a minus before its order, and knows no other', async () => {
    for (const list of taken()) {
      const { path, shows } = list
      const address = await anAddress(list)
      if (!address) continue
      for (const sort of sortsOf(shows).filter((name) => !name.startsWith('-'))) {
        // A job may end between the two.
        await eventually(
          async () => {
            const [up, down] = [
              await itemsOf(list, address, sort),
              await itemsOf(list, address, `-${sort}`),
            ]
            return JSON.stringify(up) === JSON.stringify(down.toReversed())
          },
          { within: 5_000, what: `${address} by ${sort}` },
        )
      }
      expect(
        (await (await palier.as(visitorOf(path))).get(`${address}?sort=shoe-size`)).status,
        address,
      ).to.equal(422)
    }
  })

  const visitorOf = (path: string): string => (path === '/team' ? manager : admin)

  const taken = (): List[] => lists.filter(({ shows }) => shows.file)

  async function itemsOf({ path, shows }: List, address: string, sort: string): Promise<string[]> {
    const { text } = await (
      await palier.as(visitorOf(path))
    ).get(`${address}?format=csv&sort=${sort}`)
    const rows = parse(text, { bom: true, from: 2 }) as string[][]
    // Where one item makes several rows, its first cell stands for it.
    const said = rows.map((cells) => (shows.file?.rows ? (cells[0] ?? '') : cells.join('|')))
    return said.filter((text, at) => text !== said[at - 1])
  }

  /** Where one of its kind is; nothing where the demo has none. */
  async function anAddress({ path, access }: List): Promise<string | undefined> {
    if (!path.includes(':')) return path
    const [one] = 'subject' in access ? ((await access.subject?.sample()) ?? []) : []
    return one && path.replace(/:([a-zA-Z]+)/g, encodeURIComponent(one.id))
  }
})

function isList(route: Route): route is List {
  const shape = (route.shows?.kind === 'shows' && (route.shows.schema as ZodObject).shape) || {}
  return ['items', 'next', 'total'].every((key) => key in shape)
}

const sortsOf = (shows: Shows): string[] =>
  ((shows.query?.shape.sort as ZodOptional<ZodEnum>).unwrap().options ?? []).map(String)
