import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { ask } from './in-page.js'

/** More presses than any page has places to stop at. */
const most = 250

/** Somebody without a mouse: presses keys and nothing else, and looks at every place where the focus comes to. */
export class ByKeys {
  readonly page: Page
  /** What was wrong with where the focus was, one line each. */
  readonly faults = new Set<string>()

  constructor(page: Page) {
    this.page = page
  }

  async press(key: string): Promise<void> {
    await this.page.keyboard.press(key)
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text)
  }

  /** Goes from place to place until one fits. Throws where none does. */
  async to(selector: string, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
    for (let presses = 0; presses < most; presses += 1) {
      await this.press(key)
      await this.look()
      if (await this.isOn(selector)) return
    }
    throw new Error(`${selector} cannot be reached by ${key} on ${this.page.url()}`)
  }

  /** Goes there and does what it is for. */
  async use(selector: string, key = 'Enter'): Promise<void> {
    await this.to(selector)
    await this.press(key)
  }

  /** The same, and waits until the page that follows is there. */
  async follow(selector: string, address: RegExp): Promise<void> {
    await this.use(selector)
    await this.arrive(address)
  }

  async arrive(address: RegExp): Promise<void> {
    await this.page.waitForURL(address)
    await this.page.waitForSelector('html:not([aria-busy]) main h1')
  }

  async isOn(selector: string): Promise<boolean> {
    return this.page.evaluate(
      (wanted) => document.activeElement?.matches(wanted) ?? false,
      selector,
    )
  }

  /** What has the focus comes to have it in a moment: after a page, or a dialog that closes. */
  async comesTo(selector: string): Promise<void> {
    await this.page.waitForFunction(
      (wanted) => document.activeElement?.matches(wanted) ?? false,
      selector,
    )
    await this.look()
  }

  async look(): Promise<void> {
    if (await this.isOn('body, iframe')) return
    const path = new URL(this.page.url()).pathname
    for (const fault of await ask(this.page, 'focus')) this.faults.add(`${path} ${fault}`)
  }

  /** Through the whole page and out of it at its end, then backwards: nothing holds the focus. */
  async through(): Promise<number> {
    await this.page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
    let places = 0
    await this.press('Tab')
    for (; !(await this.isOn('body')); places += 1) {
      expect(places, `the focus is held on ${this.page.url()}`).to.be.below(most)
      await this.look()
      await this.press('Tab')
    }
    await this.press('Shift+Tab')
    await this.press('Shift+Tab')
    expect(await this.isOn('body'), 'there is a way back').to.equal(false)
    return places
  }
}
