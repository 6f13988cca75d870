import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { violationsOn } from '../support/axe.js'
import { removeData, startPalier, type Palier } from '../support/palier.js'
import { tabTo } from './support/keyboard.js'
import { Visitor } from './support/visitor.js'

const pages = ['/', '/my-learning', '/courses', '/me', '/me/support', '/people/nobody-of-ours']
const phone = { width: 390, height: 800 }
const desk = { width: 1280, height: 900 }

describe('a support view in a browser', function () {
  this.timeout(300_000)
  let palier: Palier

  before(async () => void (palier = await startPalier()))
  after(async () => {
    await palier?.stop()
    removeData()
  })

  it('is begun with a reason, shown on every page in both themes, and stopped by keyboard', async () => {
    const visitor = await Visitor.signIn(palier, 'admin', 'en')
    const { page } = visitor
    const problems: string[] = []
    page.on('pageerror', ({ message }) => problems.push(message))
    const [{ id }] = (await visitor.json('/people?q=Bertin')).items
    await visitor.visit(`/people/${id}`)
    await page.click('text=See Palier as this person')
    await page.waitForSelector('#field-reason')
    expect(await faults(page)).to.deep.equal([])
    await page.fill('#field-reason', 'Cannot find the course on data')
    await page.click('main .button--primary')
    const bar = page.locator('.support-bar')
    await bar.waitFor()
    expect(await page.title()).to.match(/^Comme Noé Bertin · /)
    expect(await bar.getAttribute('aria-label')).to.equal('Support view')
    // The page speaks the person's language, the bar that of whoever looks.
    expect(await page.textContent('main')).to.include('Vous voyez maintenant')
    for (const path of pages) {
      await page.goto(`${palier.url}${path}`)
      expect(await bar.textContent(), path).to.include('You see Palier as Noé Bertin')
      expect(await faults(page), path).to.deep.equal([])
    }

    await page.goto(`${palier.url}/me/preferences`)
    await page.click('main .button--primary')
    await page.waitForSelector('text=rien ne peut être modifié. Rien ne l’a été.')
    expect(await bar.isVisible()).to.equal(true)

    await page.goto(palier.url)
    await tabTo({ page, frame: page.mainFrame() }, '.support-bar button')
    await page.keyboard.press('Enter')
    await page.waitForSelector('text=You see Palier as yourself again.')
    expect(await bar.count()).to.equal(0)
    expect(problems).to.deep.equal([])
  })

  /** In both themes, on a desk and on a phone, where nothing may be wider than the screen. */
  async function faults(page: Page): Promise<string[]> {
    const found = [...(await violationsOn(page))]
    await page.emulateMedia({ colorScheme: 'dark' })
    found.push(...(await violationsOn(page, 'colours')))
    await page.setViewportSize(phone)
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)
    if (wide) found.push(`${page.url()} is wider than a phone`)
    found.push(...(await violationsOn(page, 'colours')))
    await page.emulateMedia({ colorScheme: 'light' })
    await page.setViewportSize(desk)
    return found
  }
})
