import { expect } from 'chai'
import type { BrowserContext, Page } from 'playwright-core'
import { violationsOn } from '../support/axe.js'
import { browser } from '../support/browser.js'
import { startBuilt, type Built } from '../support/built.js'
import { cookiesFor, pagesFor, roles, signedInAs, type Role, type Stop } from '../support/tour.js'
import { spoilable } from './in-page/forms.js'
import { ask } from './support/in-page.js'
import { treeFaults } from './support/tree.js'

/** Looked at in the dark too: whoever sees figures and charts, and whoever has not chosen anything yet. */
const inTheDark: readonly Role[] = ['nobody', 'manager']

/** With every text set wide too: whoever has every kind of page, and whoever has the learner's. */
const setWide: readonly Role[] = ['nobody', 'admin', 'learner']

describe('every page', function () {
  this.timeout(600_000)
  let built: Built
  let texts: RegExp
  let languages: Readonly<Record<string, string>>

  before(async () => {
    built = await startBuilt()
    const owners = ['core', ...built.plugins].join('|')
    texts = new RegExp(`\\b(?:${owners}):[a-z][\\w-]*\\.[\\w.-]*\\w`, 'g')
    languages = await languagesOfTitles(built)
  })
  after(() => built?.stop())

  for (const role of roles) {
    it(`can be used by everyone, without a fault: ${role}`, async () => {
      const cookie = await signedInAs(built, role)
      const stops = await pagesFor(built, cookie)
      expect(stops.length).to.be.above(role === 'nobody' ? 4 : 12)
      const context = await (await browser()).newContext({ locale: 'en-GB' })
      await context.addCookies(cookiesFor(built, cookie))
      const titles = new Map<string, string>()
      try {
        const found = await Promise.all(
          halves(stops).map((part) => walk(context, part, { role, titles })),
        )
        expect(found.flat()).to.deep.equal([])
      } finally {
        await context.close()
      }
    })
  }

  it('leads to the field that is wrong, wherever a form is refused', async () => {
    const cookie = await signedInAs(built, 'admin')
    const context = await (await browser()).newContext({ locale: 'en-GB' })
    await context.addCookies(cookiesFor(built, cookie))
    const page = await context.newPage()
    const faults: string[] = []
    let refused = 0
    try {
      for (const { path } of await pagesFor(built, cookie)) {
        await page.goto(built.url + path)
        if ((await page.locator(spoilable).count()) === 0) continue
        const [answer] = await Promise.all([page.waitForNavigation(), ask(page, 'spoil')])
        if (answer?.status() !== 422) continue
        refused += 1
        if (!(await page.locator('main [role=alert]:focus').count()))
          faults.push(`${path} does not say that it was refused`)
        const found = [...(await ask(page, 'loose')), ...(await ask(page, 'leadsNowhere'))]
        faults.push(...found.map((fault) => `${path} ${fault}`))
      }
    } finally {
      await context.close()
    }
    expect(refused).to.be.above(15)
    expect(faults).to.deep.equal([])
  })

  interface Walk {
    readonly role: Role
    /** The page that bears each title. */
    readonly titles: Map<string, string>
  }

  /** What is wrong on some pages, one line each. */
  async function walk(
    context: BrowserContext,
    stops: readonly Stop[],
    { role, titles }: Walk,
  ): Promise<string[]> {
    const page = await context.newPage()
    const faults: string[] = []
    page.on('console', (said) => {
      if (said.type() === 'error') faults.push(`${page.url()} console: ${said.text()}`)
    })
    page.on('pageerror', (error) => faults.push(`${page.url()} script: ${error.message}`))
    for (const { path } of stops) {
      faults.push(...(await look(page, path, role)))
      const title = await page.title()
      const bearer = titles.get(title)
      if (bearer) faults.push(`${path} is called “${title}” as ${bearer} is`)
      titles.set(title, path)
    }
    return faults
  }

  async function look(page: Page, path: string, role: Role): Promise<string[]> {
    await page.setViewportSize({ width: 1280, height: 900 })
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
    await page.goto(new URL(path, built.url).href, { waitUntil: 'load' })
    const faults = await violationsOn(page)
    const keys = (await page.locator('body').innerText()).match(texts) ?? []
    faults.push(...keys.map((key) => `shows the key ${key}`))
    faults.push(...(await treeFaults(page)), ...(await ask(page, 'loose')))
    faults.push(...(await ask(page, 'foreign', languages)))
    if (inTheDark.includes(role)) {
      await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
      faults.push(...(await violationsOn(page, 'colours')).map((fault) => `in the dark: ${fault}`))
    }
    if (setWide.includes(role)) faults.push(...(await whenSetWide(page)))
    faults.push(...(await atFourTimesTheSize(page)))
    return faults.map((fault) => `${path} ${fault}`)
  }
})

async function whenSetWide(page: Page): Promise<string[]> {
  await ask(page, 'spread', true)
  const faults = await ask(page, 'reflow')
  await ask(page, 'spread', false)
  return faults.map((fault) => `with its text set wide: ${fault}`)
}

/** A window of 1280 by 1024 at 400 %. */
async function atFourTimesTheSize(page: Page): Promise<string[]> {
  await page.setViewportSize({ width: 320, height: 256 })
  const faults = await ask(page, 'reflow')
  const covered = await ask(page, 'covered')
  if (covered > 1 / 3) faults.push(`${Math.round(covered * 100)} % stay covered`)
  return faults.map((fault) => `at 400 %: ${fault}`)
}

/** What each course's title is written in. */
async function languagesOfTitles(built: Built): Promise<Record<string, string>> {
  const cookie = await signedInAs(built, 'admin')
  const headers = { accept: 'application/json', ...(cookie && { cookie }) }
  const { items } = (await (await fetch(`${built.url}/courses`, { headers })).json()) as {
    items: { title: string; language: string }[]
  }
  return Object.fromEntries(items.map(({ title, language }) => [title, language]))
}

const halves = <T>(all: readonly T[]): T[][] => [
  all.filter((_, at) => at % 2 === 0),
  all.filter((_, at) => at % 2 === 1),
]
