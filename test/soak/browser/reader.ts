import type { Frame, Page } from 'playwright-core'
import type { Imported } from '../../../plugins/scorm/test/support/playing.js'
import { contentOf, perform, says } from '../../../plugins/scorm/test/support/theatre.js'

/** How soon a learner is to know that something is not saved, and the page's own time to say so. */
const toldWithinMs = 5_000
const settledMs = 300

/** A learner in the player: what they have read, and how much of it they were told is saved. */
export class Reader {
  readonly page: Page
  readonly #frame: Frame
  said: number
  told: number

  private constructor(page: Page, frame: Frame, at: number) {
    this.page = page
    this.#frame = frame
    this.said = at
    this.told = at
  }

  static async open(page: Page, url: string, course: Imported): Promise<Reader> {
    const frame = await perform(page, url, course)
    return new Reader(page, frame, await placeIn(frame))
  }

  /** Reads on by some pages, at a reader's pace. */
  async read(pages: number): Promise<void> {
    for (let left = pages; left > 0; left -= 1) {
      this.said += 1
      await this.#frame.evaluate((place) => {
        const { sco } = window as unknown as Content
        sco.set('location', String(place))
        sco.set('suspend', `read ${place}`)
      }, this.said)
      await this.page.waitForTimeout(Math.random() * 200)
    }
  }

  /** The content asks whether all is saved, and hears the truth. */
  async commit(): Promise<boolean> {
    const isSaved = await this.#frame.evaluate(
      () => (window as unknown as Content).sco.commit() === 'true',
    )
    if (isSaved) this.told = this.said
    return isSaved
  }

  /** Waits until the page says that all is saved. */
  async settle(timeout = 60_000): Promise<void> {
    await this.page.waitForTimeout(settledMs)
    await says(this.page, 'saved', timeout)
    this.told = this.said
  }

  /** Whether the page says in time that what was read is not saved. */
  async hears(state: string): Promise<boolean> {
    return says(this.page, state, toldWithinMs).then(
      () => true,
      () => false,
    )
  }

  /** Whether the page says in time that the course was opened elsewhere. */
  async hearsOfAnother(timeout = toldWithinMs): Promise<boolean> {
    const notice = this.page.locator('[data-reason=opened-elsewhere]:not([hidden])')
    return notice.waitFor({ timeout }).then(
      () => true,
      () => false,
    )
  }

  /** Takes the first late work that is offered, and answers where it leads; nothing where none is offered. */
  async takeLate(): Promise<number | undefined> {
    await this.page.reload()
    const offer = this.page.locator('.scorm-player__late button').first()
    const isOffered = await offer.waitFor({ timeout: 10_000 }).then(
      () => true,
      () => false,
    )
    if (!isOffered) return undefined
    await Promise.all([this.page.waitForNavigation(), offer.click()])
    return placeIn(await contentOf(this.page))
  }
}

interface Content {
  readonly sco: { set(name: string, value: string): string; commit(): string }
}

/** The page of the content that was opened again, as its bookmark has it; the first where there is none. */
const placeIn = (frame: Frame): Promise<number> =>
  frame.evaluate(() => Number(document.querySelector<HTMLOutputElement>('#page')?.value ?? 1))
