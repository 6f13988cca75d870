import { expect } from 'chai'
import type { BrowserContext, Page } from 'playwright-core'
import { violationsOn } from '../support/axe.js'
import { browser } from '../support/browser.js'
import { startBuilt, type Built } from '../support/built.js'
import { cookiesFor, pagesFor, roles, signedInAs, type Role, type Stop } from '../support/tour.js'

/** Looked at in the dark too: whoever sees figures and charts, and whoever has not chosen anything yet. */
const inTheDark: readonly Role[] = ['nobody', 'manager']

describe('every page', function () {
  this.timeout(600_000)
  let built: Built
  let texts: RegExp

  before(async () => {
    built = await startBuilt()
    const owners = ['core', ...built.plugins].join('|')
    texts = new RegExp(`\\b(?:${owners}):[a-z][\\w-]*\\.[\\w.-]*\\w`, 'g')
  })
  after(() => built?.stop())

  for (const role of roles) {
    it(`can be used by everyone, without a fault: ${role}`, async () => {
      const cookie = await signedInAs(built, role)
      const stops = await pagesFor(built, cookie)
      expect(stops.length).to.be.above(role === 'nobody' ? 4 : 12)
      const context = await (await browser()).newContext({ locale: 'en-GB' })
      await context.addCookies(cookiesFor(built, cookie))
      try {
        const found = await Promise.all(halves(stops).map((part) => walk(context, part, role)))
        expect(found.flat()).to.deep.equal([])
      } finally {
        await context.close()
      }
    })
  }

  /** What is wrong on some pages, one line each. */
  async function walk(
    context: BrowserContext,
    stops: readonly Stop[],
    role: Role,
  ): Promise<string[]> {
    const page = await context.newPage()
    const faults: string[] = []
    page.on('console', (said) => {
      if (said.type() === 'error') faults.push(`${page.url()} console: ${said.text()}`)
    })
    page.on('pageerror', (error) => faults.push(`${page.url()} script: ${error.message}`))
    for (const { path } of stops) faults.push(...(await look(page, path, role)))
    return faults
  }

  async function look(page: Page, path: string, role: Role): Promise<string[]> {
    await page.setViewportSize({ width: 1280, height: 900 })
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
    await page.goto(new URL(path, built.url).href, { waitUntil: 'load' })
    const faults = await violationsOn(page)
    const keys = (await page.locator('body').innerText()).match(texts) ?? []
    faults.push(...keys.map((key) => `${path} shows the key ${key}`))
    if (inTheDark.includes(role)) {
      await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
      faults.push(...(await violationsOn(page, 'colours')).map((fault) => `in the dark: ${fault}`))
    }
    await page.setViewportSize({ width: 320, height: 700 })
    const [inner, wide] = await page.evaluate(() => {
      const { clientWidth, scrollWidth } = document.documentElement
      return [clientWidth, scrollWidth]
    })
    if (wide > inner) faults.push(`${path} is ${wide} px wide on a screen of ${inner}`)
    return faults
  }
})

const halves = <T>(all: readonly T[]): T[][] => [
  all.filter((_, at) => at % 2 === 0),
  all.filter((_, at) => at % 2 === 1),
]
