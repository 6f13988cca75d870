import { expect } from 'chai'
import { readFileSync } from 'node:fs'
import type { Frame, Page } from 'playwright-core'
import { removeData, startPalier, type Palier } from '../../../../test/support/palier.js'
import { fixturePackages, fixturesAbsent } from '../support/archives.js'
import { refusedPackages } from '../support/expectations.js'
import { contentOf, perform, progressOf, says, signedIn, stage } from '../support/theatre.js'

const packages = ['scorm/golf', 'scorm/moodle']
  .flatMap((folder) => fixturePackages(folder))
  .filter(({ name }) => !refusedPackages[name])

describe('packages made by others, in a browser', function () {
  this.timeout(300_000)
  if (packages.length === 0) return it.skip(fixturesAbsent('scorm/golf'))

  let palier: Palier
  let trainer: Page
  let learner: Page

  before(async () => {
    palier = await startPalier()
    trainer = await signedIn(palier, 'trainer')
    learner = await signedIn(palier, 'learner')
  })

  after(async () => {
    await palier?.stop()
    removeData()
  })

  for (const { name, path } of packages) {
    it(`plays ${name}, saves what it says, and opens where it was`, async () => {
      const imported = await stage(trainer, palier.url, readFileSync(path))
      const page = await learner.context().newPage()
      const answered: string[] = []
      page.on('dialog', (dialog) => {
        answered.push(dialog.message())
        void dialog.accept()
      })
      await perform(page, palier.url, imported)
      const spoken = await bookmark(page)
      await says(page, 'saved')
      await page.reload()
      await contentOf(page)
      // A part that is done is not opened first again: its learner goes back to it.
      const parts = page.locator('.scorm-player__item')
      if ((await parts.count()) > 1) await parts.first().click()
      await says(page, 'saved')
      await page.waitForTimeout(300)
      expect(await bookmarkIn(page)).to.deep.equal(spoken)
      await progressOf(page, { url: palier.url, imported }, ['in-progress', 'completed', 'passed'])
      await page.close()
    })
  }

  it('has golf ask whether to go on where one left off, and go there', async function () {
    const golf = packages.find(({ name }) => name === 'RuntimeBasicCalls_SCORM12')
    if (!golf) return this.skip()
    const imported = await stage(trainer, palier.url, readFileSync(golf.path))
    const page = await learner.context().newPage()
    const asked: string[] = []
    page.on('dialog', (dialog) => {
      asked.push(dialog.message())
      void dialog.accept()
    })
    const content = await perform(page, palier.url, imported)
    const shown = (frame: Frame) => frame.locator('iframe').getAttribute('src')
    await content.locator('#butNext').click()
    await content.locator('#butNext').click()
    const left = await shown(content)
    await says(page, 'saved')
    await page.close()

    const again = await learner.context().newPage()
    again.on('dialog', (dialog) => {
      asked.push(dialog.message())
      void dialog.accept()
    })
    const resumed = await perform(again, palier.url, imported)
    await says(again, 'saved')
    expect(asked.join('\n')).to.match(/resume from where you previously left off/)
    await resumed.locator(`iframe[src="${left ?? ''}"]`).waitFor()
  })
})

interface Apis {
  readonly API?: Record<string, (...words: string[]) => string>
  readonly API_1484_11?: Record<string, (...words: string[]) => string>
}

const shellOf = (page: Page): Frame => {
  const shell = page.frames().find((frame) => frame.url().includes('/shell?'))
  if (!shell) throw new Error('no shell')
  return shell
}

/** Says through the real API what content would say: some packages never do on their own. */
const bookmark = (page: Page): Promise<string[]> =>
  shellOf(page).evaluate(() => {
    const { API, API_1484_11 } = window as unknown as Apis
    const api = API_1484_11 ?? API ?? {}
    const prefix = API_1484_11 ? '' : 'LMS'
    api[`${prefix}Initialize`]?.('')
    const location = API_1484_11 ? 'cmi.location' : 'cmi.core.lesson_location'
    const said = [
      api[`${prefix}SetValue`]?.('cmi.suspend_data', 'kept by the test'),
      api[`${prefix}SetValue`]?.(location, '2'),
      api[`${prefix}Commit`]?.(''),
    ]
    if (said.some((answer) => answer !== 'true')) throw new Error(said.join())
    return ['kept by the test']
  })

const bookmarkIn = (page: Page): Promise<string[]> =>
  shellOf(page).evaluate(() => {
    const { API, API_1484_11 } = window as unknown as Apis
    const api = API_1484_11 ?? API ?? {}
    const prefix = API_1484_11 ? '' : 'LMS'
    api[`${prefix}Initialize`]?.('')
    return [api[`${prefix}GetValue`]?.('cmi.suspend_data') ?? '']
  })
