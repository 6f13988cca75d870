import { expect } from 'chai'
import type { BrowserContextOptions, Frame, Page } from 'playwright-core'
import { violationsOn } from '../../support/axe.js'
import { newPage } from '../../support/browser.js'
import type { Palier } from '../../support/palier.js'

type Language = 'en' | 'fr'

/** Somebody of the demo institution at a browser of their own. */
export class Visitor {
  readonly page: Page
  readonly name: string
  readonly #url: string

  private constructor(page: Page, url: string, name: string) {
    this.page = page
    this.name = name
    this.#url = url
  }

  /** Signs in by the form, and chooses the language as people do. */
  static async signIn(
    { url }: Pick<Palier, 'url'>,
    account: string,
    language: Language,
    options: BrowserContextOptions = {},
  ): Promise<Visitor> {
    const page = await newPage({ locale: language, ...options })
    await page.goto(`${url}/sign-in`)
    await page.fill('[name=email]', `${account}@demo.palier`)
    await page.fill('[name=password]', 'palier-demo')
    await page.click('main form .button--primary')
    await page.waitForSelector('body[data-controller=live]')
    if ((await page.getAttribute('html', 'lang')) !== language) {
      await page.goto(`${url}/me/preferences`)
      await page.selectOption('[name=language]', language)
      await page.click('main form .button--primary')
      await page.waitForSelector(`html[lang=${language}]`)
    }
    const visitor = new Visitor(page, url, '')
    const { person } = await visitor.json('/me')
    return new Visitor(page, url, person.name as string)
  }

  async visit(path: string): Promise<void> {
    await this.page.goto(this.#url + path)
  }

  /** What the address answers to a program with this sign-in. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read answers as they come
  async json(path: string): Promise<any> {
    const answer = await this.page.request.get(this.#url + path, {
      headers: { accept: 'application/json' },
    })
    expect(answer.status(), path).to.equal(200)
    return answer.json()
  }

  /** With which status an address answers. */
  async status(path: string): Promise<number> {
    return (await this.page.request.get(this.#url + path)).status()
  }

  /** Sends a form as a program with this sign-in does, and gives what is answered. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read answers as they come
  async send(path: string, data: object): Promise<any> {
    const headers = { accept: 'application/json', origin: this.#url }
    const answer = await this.page.request.post(this.#url + path, { data, headers })
    expect(answer.status(), await answer.text()).to.be.within(200, 299)
    return answer.json()
  }

  /** Waits for what happens after an answer. */
  async until(holds: () => Promise<boolean>): Promise<void> {
    for (let waited = 0; !(await holds()); waited += 100) {
      if (waited > 30_000) throw new Error(`it did not happen, on ${this.page.url()}`)
      await this.page.waitForTimeout(100)
    }
  }

  /** Accessible to everyone by axe's rules, no text of a catalogue's key, no scrolling sideways. */
  async looksRight(): Promise<void> {
    const { page } = this
    await page.waitForLoadState('networkidle')
    await page.waitForSelector('html:not([aria-busy])')
    // Under the phone's fixed bar axe finds targets too small.
    await page.evaluate(() => window.scrollTo(0, 0))
    expect(await violationsOn(page)).to.deep.equal([])
    const seen = await page.innerText('body')
    expect(seen, page.url()).not.to.match(/\b[a-z-]+:[a-z-]+\.[a-z-]+\b/)
    const tooWide = await page.evaluate(
      () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
    )
    expect(tooWide, `${page.url()} scrolls sideways`).to.equal(false)
  }

  /** Waits until the page's socket is open. */
  async live(): Promise<void> {
    await this.page.waitForFunction(() => performance.getEntriesByType('resource').length > 0)
    await this.page.waitForTimeout(2500)
  }

  /** The course in its frame, once it can be played. */
  async content(): Promise<Content> {
    this.page.on('dialog', (dialog) => void dialog.accept())
    for (let waited = 0; waited < 20_000; waited += 100) {
      for (const frame of this.page.frames()) {
        const content = await contentIn(frame)
        if (content) return content
      }
      await this.page.waitForTimeout(100)
    }
    throw new Error(`no content on ${this.page.url()}`)
  }
}

/** A course as somebody goes through it. */
export interface Content {
  turnPage(): Promise<void>
  /** The page one is on, from 1. */
  place(): Promise<number>
  /** To the last page, with every answer right, to the end. */
  finish(): Promise<void>
}

async function contentIn(frame: Frame): Promise<Content | undefined> {
  if (!frame.url().includes('/files/')) return undefined
  const kind = await frame
    .evaluate(() => {
      if (document.readyState !== 'complete') return ''
      if (document.querySelector('#finish')) return 'own'
      return document.querySelector('#butExit') ? 'golf' : ''
    })
    .catch(() => '')
  if (kind === 'own') return ownContent(frame)
  return kind === 'golf' ? golfContent(frame) : undefined
}

const ownContent = (frame: Frame): Content => ({
  turnPage: () => frame.click('#next'),
  place: () => ownPage(frame),
  finish: async () => {
    for (let page = await ownPage(frame); page < 4; page += 1) await frame.click('#next')
    await frame.click('#finish')
  },
})

const ownPage = async (frame: Frame): Promise<number> =>
  Number(await frame.locator('#page').textContent())

/** Rustici's golf course: its pages stand in a frame of their own, its test comes last. */
const golfContent = (frame: Frame): Content => ({
  turnPage: () => frame.click('#butNext'),
  place: () => frame.evaluate(() => (window as unknown as { currentPage: number }).currentPage + 1),
  finish: async () => {
    const last = await frame.evaluate(
      () => (window as unknown as { pageArray: unknown[] }).pageArray.length,
    )
    const here = await frame.evaluate(
      () => (window as unknown as { currentPage: number }).currentPage + 1,
    )
    for (let page = here; page < last; page += 1) await frame.click('#butNext')
    await answerGolf(frame)
    await frame.click('#butExit')
  },
})

async function answerGolf(frame: Frame): Promise<void> {
  const test = await testOf(frame)
  await test.evaluate(() => {
    const { test: questions } = window as unknown as { test: { Questions: GolfQuestion[] } }
    for (const { Id, Type, Answers, CorrectAnswer } of questions.Questions) {
      const right = {
        choice: (Answers ?? []).indexOf(String(CorrectAnswer)),
        'true-false': CorrectAnswer ? 'True' : 'False',
      }
      const end = Type in right ? right[Type as keyof typeof right] : 'Text'
      const field = document.getElementById(`question_${Id}_${end}`) as HTMLInputElement
      if (end === 'Text') field.value = String(CorrectAnswer)
      else field.click()
    }
  })
  await test.click('input[type=button]')
}

/** The page of questions, once all of it is there. */
async function testOf(frame: Frame): Promise<Frame> {
  for (let waited = 0; waited < 20_000; waited += 100) {
    const test = frame.childFrames()[0]
    const isThere = await test
      ?.evaluate(() => document.readyState === 'complete' && 'test' in window)
      .catch(() => false)
    if (test && isThere) return test
    await frame.waitForTimeout(100)
  }
  throw new Error('the test of the course did not come')
}

interface GolfQuestion {
  readonly Id: string
  readonly Type: string
  readonly Answers: readonly string[] | null
  readonly CorrectAnswer: unknown
}
