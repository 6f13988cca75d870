import { expect } from 'chai'
import type { Frame, Page } from 'playwright-core'
import { violationsOn } from '../../../../test/support/axe.js'
import { removeData, startPalier, type Palier } from '../../../../test/support/palier.js'
import { buildPackage } from '../support/packages.js'
import type { Imported } from '../support/playing.js'
import {
  contentOf,
  pageIn,
  perform,
  phone,
  progressOf,
  says,
  signedIn,
  signIn,
  stage,
} from '../support/theatre.js'

describe('playing a course in a browser', function () {
  this.timeout(300_000)
  let palier: Palier
  let trainer: Page
  let one: Imported
  const pages: Page[] = []

  before(async () => {
    palier = await startPalier()
    trainer = await signedIn(palier, 'trainer')
    one = await stage(trainer, palier.url, await buildPackage({ title: 'One part' }))
  })

  afterEach(async () => {
    for (const page of pages.splice(0)) await page.context().close()
  })

  after(async () => {
    await trainer?.context().close()
    await palier?.stop()
    removeData()
  })

  /** Each test has a learner of its own. */
  const names = [
    'learner',
    'manager',
    'coordinator',
    'odile.ferrand',
    'tomas.echeverri',
    'etienne.lacroix',
    'linh.tran',
    'admin',
  ]
  const nextName = () => names.shift() ?? 'learner'

  async function enter(name: string, options = {}): Promise<Page> {
    const page = await signedIn(palier, name, options)
    pages.push(page)
    return page
  }

  const next = (content: Frame) => content.locator('#next').click()

  it('saves as the learner goes, tells when, and knows status, score and time in the end', async () => {
    const page = await enter(nextName())
    const content = await perform(page, palier.url, one)
    expect(await pageIn(content)).to.equal('1')
    await next(content)
    expect(await says(page, 'saved')).to.match(/\b\d\d:\d\d$/)
    await page.waitForTimeout(1100)
    await content.locator('#finish').click()
    await page.locator('[data-scorm--player-target=finished]:not([hidden])').waitFor()
    await says(page, 'saved')
    const progress = await progressOf(page, { url: palier.url, imported: one }, ['completed'])
    expect(progress.score.scaled).to.equal(0.8)
    expect(progress.seconds).to.be.within(1, 60)
  })

  it('is where its learner was when the tab is closed in the middle and opened again on a phone', async () => {
    const name = nextName()
    const desk = await enter(name)
    const content = await perform(desk, palier.url, one)
    await next(content)
    await next(content)
    await desk.close()

    const hand = await enter(name, phone)
    await hand.waitForTimeout(500)
    const again = await perform(hand, palier.url, one)
    expect(await pageIn(again)).to.equal('3')
    expect(await again.evaluate(() => document.body.dataset.entry)).to.equal('resume')
    const overflow = await hand.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    expect(overflow).to.be.at.most(0)
  })

  it('sends what a device kept, before it opens the course again', async () => {
    const name = nextName()
    const page = await enter(name)
    const content = await perform(page, palier.url, one)
    await page.context().setOffline(true)
    await next(content)
    await next(content)
    await next(content)
    await says(page, 'waiting')
    await page.close()
    const context = page.context()
    await context.setOffline(false)

    const back = await context.newPage()
    expect(await pageIn(await perform(back, palier.url, one))).to.equal('4')
    expect(await says(back, 'saved')).to.match(/\d\d:\d\d/)
  })

  it('gets over a spell without a connection by itself, and tells the truth all along', async () => {
    const page = await enter(nextName())
    const content = await perform(page, palier.url, one)
    await next(content)
    await says(page, 'saved')
    await page.context().setOffline(true)
    await next(content)
    await says(page, 'waiting')
    expect(await content.evaluate(() => (window as never as Content).sco.commit())).to.equal(
      'false',
    )
    await page.context().setOffline(false)
    await says(page, 'saved')
    expect(await content.evaluate(() => (window as never as Content).sco.commit())).to.equal('true')
  })

  it('tells a second window at once, keeps what the first still says, and offers it', async () => {
    const name = nextName()
    const first = await enter(name)
    const content = await perform(first, palier.url, one)
    await next(content)
    await says(first, 'saved')

    const second = await first.context().newPage()
    const other = await perform(second, palier.url, one)
    await first.locator('[data-reason=opened-elsewhere]:not([hidden])').waitFor()
    expect(await pageIn(other)).to.equal('2')
    await says(second, 'saved')
    await second.waitForTimeout(2000)

    const device = await enter(name)
    const third = await perform(device, palier.url, one)
    await next(third)
    await next(third)
    await says(device, 'saved')
    await next(other)
    await second
      .locator('[data-reason=opened-elsewhere]:not([hidden])')
      .waitFor({ timeout: 20_000 })
    await device.reload()
    await device.locator('.scorm-player__late button').first().click()
    expect(await pageIn(await contentOf(device))).to.equal('3')
  })

  it('says that one must sign in to save when the sign-in has ended, and goes on after it', async () => {
    const name = nextName()
    const page = await enter(name)
    const content = await perform(page, palier.url, one)
    await page.request.post(`${palier.url}/sign-out`, {
      headers: { origin: palier.url },
      maxRedirects: 0,
    })
    await next(content)
    await says(page, 'signed-out')
    expect(await page.locator('[data-scorm--player-target=signIn] a').isVisible()).to.equal(true)
    await signIn(page, palier.url, name)
    await says(page, 'saved')
  })

  it('goes through its parts by the table of contents, and marks what is done', async () => {
    const parts = await stage(
      trainer,
      palier.url,
      await buildPackage({ standard: '2004', parts: ['First', 'Second'] }),
    )
    const page = await enter(nextName())
    const first = await perform(page, palier.url, parts)
    await next(first)
    await page.getByRole('button', { name: 'Second' }).click()
    const second = await contentOf(page, 'part1.html')
    await second.locator('#finish').click()
    await page.locator('.scorm-player__item[data-sco="1"][data-state=completed]').waitFor()
    await page.getByRole('button', { name: 'First' }).click()
    expect(await pageIn(await contentOf(page, 'part0.html'))).to.equal('2')
    await (await contentOf(page, 'part0.html')).locator('#finish').click()
    await page.locator('.scorm-player__item[data-sco="0"][data-state=completed]').waitFor()
    await says(page, 'saved')
    await progressOf(page, { url: palier.url, imported: parts }, ['completed'])
  })

  it('is left by keyboard from inside the content, in the page and in the full window', async () => {
    const page = await enter(nextName())
    const content = await perform(page, palier.url, one)
    await page.getByRole('button', { name: 'Full window' }).click()
    const box = await page.locator('.scorm-player').boundingBox()
    expect([box?.x, box?.y, box?.width]).to.deep.equal([0, 0, page.viewportSize()?.width])
    await content.locator('#next').focus()
    await page.keyboard.press('Alt+q')
    await page.locator('.scorm-player:not(.is-wide)').waitFor()
    const outside = () => document.activeElement?.matches('.scorm-player__top') ?? false
    expect(await page.evaluate(outside)).to.equal(true)
  })

  it('bears every check of accessibility, in both themes and on a phone', async () => {
    for (const options of [{ colorScheme: 'light' }, { colorScheme: 'dark' }, phone] as const) {
      const page = await enter('learner', options)
      await perform(page, palier.url, one)
      expect(await violationsOn(page)).to.deep.equal([])
    }
  })

  it('goes on when the server was gone for a while, and loses nothing', async () => {
    const page = await enter('manager')
    const content = await perform(page, palier.url, one)
    await says(page, 'saved').catch(() => undefined)
    await palier.kill()
    await next(content)
    const reached = await pageIn(content)
    await says(page, 'waiting')
    palier = await startPalier({ again: palier })
    await says(page, 'saved', 60_000)
    await page.close()
    const again = await page.context().newPage()
    expect(await pageIn(await perform(again, palier.url, one))).to.equal(reached)
  })
})

interface Content {
  readonly sco: { commit(): string }
}
