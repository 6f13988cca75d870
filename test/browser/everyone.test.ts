import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { violationsOn } from '../support/axe.js'
import { newPage } from '../support/browser.js'
import { removeData, startPalier, type Palier } from '../support/palier.js'
import { needsPlugins } from '../support/plugins.js'
import { ByKeys } from './support/by-keys.js'
import { ask } from './support/in-page.js'
import { Visitor } from './support/visitor.js'

const learner = 'noe.bertin'
const course = '/courses/serving-the-public'

describe('for everyone', function () {
  this.timeout(300_000)
  this.retries(0)
  let palier: Palier

  before(async function () {
    needsPlugins(this, 'scorm', 'forum')
    palier = await startPalier()
  })
  after(async () => {
    await palier?.stop()
    removeData()
  })

  describe('a day by keyboard alone', () => {
    let page: Page
    let keys: ByKeys

    before(async () => {
      page = await newPage({ viewport: { width: 1280, height: 900 } })
      keys = new ByKeys(page)
    })
    after(() => page?.context().close())
    afterEach(() => {
      expect([...keys.faults]).to.deep.equal([])
    })

    it('signs in, once what was wrong has been read', async () => {
      await page.goto(`${palier.url}/sign-in`)
      await keys.comesTo('[name=email]')
      await keys.type(`${learner}@demo.palier`)
      await keys.to('[name=password]')
      await keys.type('not this one')
      await keys.press('Enter')
      await keys.comesTo('main [role=alert]')
      await keys.to('[name=email]')
      await keys.press('Control+a')
      await keys.type(`${learner}@demo.palier`)
      await keys.to('[name=password]')
      await keys.type('palier-demo')
      await keys.press('Enter')
      await page.waitForSelector('body[data-controller=live]')
    })

    it('goes through the home page, and past what every page begins with', async () => {
      expect(await keys.through()).to.be.above(20)
      await page.reload()
      await keys.to('.skip')
      await keys.press('Enter')
      await keys.comesTo('main')
      await keys.to('main a, main button')
    })

    it('finds a course by its words, and enrols', async () => {
      await keys.press('/')
      await keys.comesTo('.rail [type=search]')
      await keys.type('serving the public')
      await keys.press('Enter')
      await keys.arrive(/\/search\?q=/)
      await keys.follow(`main a[href="${course}"]`, new RegExp(`${course}$`))
      await keys.use('form[action$="/enrolments"] button')
      const told = (await page.textContent('main > [role=status]'))?.trim() ?? ''
      expect(told).not.to.equal('')
      await page.waitForSelector(`.toasts:has-text("${told}")`, { state: 'attached' })
      await keys.through()
    })

    it('starts a course, and leaves it', async () => {
      await keys.follow('section[aria-labelledby=enrol] a[href^="/learn/"]', /\/learn\//)
      await keys.to('iframe')
      for (let presses = 0; presses < 3; presses += 1) await keys.press('Tab')
      // The course listens for the keys that lead out of it once it is there.
      for (let tries = 0; tries < 100 && (await keys.isOn('iframe')); tries += 1) {
        await keys.press('Alt+q')
        await page.waitForTimeout(200)
      }
      await keys.comesTo('.scorm-player__top, .scorm-player__top *')
      await keys.follow('.scorm-player__ways a', new RegExp(`${course}$`))
    })

    it('is asked before it leaves for good, and the focus comes back', async () => {
      await keys.use('form[action$="/leave"] > button')
      await keys.comesTo('dialog[open] button')
      for (let presses = 0; presses < 6; presses += 1) {
        await keys.press('Tab')
        expect(await keys.isOn('dialog button, body'), 'behind the dialog').to.equal(true)
      }
      await keys.press('Escape')
      await keys.comesTo('form[action$="/leave"] > button')
    })

    it('writes in the forum, and is led to what was wrong', async () => {
      await page.goto(`${palier.url}/forums/course:serving-the-public/topics`)
      await keys.to('main summary')
      if (!(await page.isVisible('main [name=title]'))) await keys.press('Enter')
      await keys.to('[name=title]')
      await keys.type('??')
      await keys.to('[name=text]')
      await keys.type('Who has a plan of the hall?')
      await keys.use('main form.form .button--primary')
      await keys.comesTo('main [role=alert]')
      await keys.use('main [role=alert] a')
      await keys.comesTo('[name=title][aria-invalid=true]')
      await keys.type(' A plan of the hall')
      await keys.press('Enter')
      await keys.arrive(/\/topics\//)
      await keys.to('[name=text]')
      await keys.type('The one of last year is wrong.')
      await keys.use('section[aria-labelledby=answer] .button--primary')
      await page.waitForSelector('.forum-posts:has-text("last year")')
      await keys.through()
    })

    it('opens the menu of a small screen, and reads what is behind it', async () => {
      await page.setViewportSize({ width: 390, height: 700 })
      await keys.through()
      await keys.use('.top__menu > summary', 'Space')
      await keys.follow('.top__panel a[href="/me"]', /\/me$/)
      await keys.use('.top__menu > summary')
      await keys.to('main a')
    })

    it('chooses with arrows, and signs out', async () => {
      await page.setViewportSize({ width: 1280, height: 900 })
      await page.goto(`${palier.url}/me/preferences`)
      await keys.to('[name=theme]')
      const before = await page.inputValue('[name=theme]')
      await keys.press('ArrowDown')
      expect(await page.inputValue('[name=theme]')).not.to.equal(before)
      await keys.use('main form .button--primary')
      await page.waitForSelector('main > [role=status]')
      await keys.follow('.rail form[action="/sign-out"] button', /\/sign-in|\/$/)
    })
  })

  describe('without script', () => {
    const off = { javaScriptEnabled: false }

    it('one signs in, enrols, writes, leaves, and is told what needs script', async () => {
      const visitor = await Visitor.signIn(palier, 'learner', 'en', off)
      const { page } = visitor
      await visitor.visit('/courses')
      await page.fill('main [name=q]', 'public')
      await page.selectOption('main [name=language]', 'en')
      await page.click('main form.filters button')
      await page.click('main a[href="/courses/serving-the-public"]')
      await page.click('form[action$="/enrolments"] button')
      await page.waitForSelector('main > [role=status]')
      await page.click('section[aria-labelledby=enrol] a[href^="/learn/"]')
      expect(await page.innerText('.scorm-player__notices')).to.include('JavaScript')
      await page.click('.scorm-player__ways a')
      await visitor.visit('/forums/course:serving-the-public/topics')
      if (!(await page.isVisible('main [name=title]'))) await page.click('main summary')
      await page.fill('[name=title]', '??')
      await page.fill('[name=text]', 'Who interprets?')
      await page.click('main form.form .button--primary')
      expect(await page.locator('main [role=alert]:focus').count(), 'it has the focus').to.equal(1)
      await page.fill('[name=title]', 'Interpreters')
      await page.click('main form.form .button--primary')
      await page.fill('[name=text]', 'A colleague does.')
      await page.click('section[aria-labelledby=answer] .button--primary')
      expect(await page.innerText('.forum-posts')).to.include('A colleague does.')
      await visitor.visit('/courses/serving-the-public')
      await page.click('form[action$="/leave"] > button')
      await page.waitForSelector('form[action$="/enrolments"]')
    })

    it('one switches language and theme, and has what is mailed as one likes', async () => {
      const { page } = await Visitor.signIn(palier, 'learner', 'fr', off)
      await page.goto(`${palier.url}/me/preferences`)
      await page.selectOption('[name=theme]', 'dark')
      await page.click('main form .button--primary')
      await page.waitForSelector('html[lang=fr][data-theme=dark]')
      await page.goto(`${palier.url}/me/notifications`)
      await page.selectOption('main form select >> nth=0', 'never')
      await page.click('main form .button--primary')
      expect(await page.inputValue('main form select >> nth=0')).to.equal('never')
      await page.click('.rail form[action="/sign-out"] button')
      await page.waitForSelector('[name=password], a[href="/sign-in"]')
    })

    it('a coordinator filters, sorts and turns pages, and assigns a course', async () => {
      const visitor = await Visitor.signIn(palier, 'coordinator', 'en', off)
      const { page } = visitor
      await visitor.visit('/people')
      const total = (await visitor.json('/people')).total as number
      await page.click('main th[aria-sort] a')
      await page.waitForSelector('main th[aria-sort=descending], main th[aria-sort=ascending]')
      await page.fill('main [name=q]', 'manager')
      await page.click('main form.filters button')
      expect(await page.locator('main tbody tr').count()).to.be.within(0, total - 1)
      await visitor.visit('/assignments')
      await page.click('main a.button--primary')
      await page.selectOption('[name=course]', 'plain-letters')
      await page.fill('[name=days]', '30')
      await page.click('main form.form .button--primary')
      await page.waitForURL('**/assignments/**')
      expect(await page.innerText('main')).to.include('Plain letters')
      await page.click('main form[action$="/end"] > button')
      await page.waitForSelector('main > [role=status]')
    })

    it('an administrator says something to everybody, who close it', async () => {
      const { page } = await Visitor.signIn(palier, 'admin', 'en', off)
      await page.goto(`${palier.url}/admin/announcements`)
      await page.fill('[name=textEn]', 'The counter is closed on Friday.')
      const today = new Date().toISOString().slice(0, 10)
      await page.fill('[name=from]', today)
      await page.fill('[name=until]', today)
      await page.click('main section form .button--primary')
      const said = '.announcement:has-text("closed on Friday")'
      await page.waitForSelector(said)
      await page.click(`${said} button`)
      expect(await page.locator(said).count()).to.equal(0)
    })
  })

  describe('in any colour', () => {
    const colours = ['#ffff00', '#ffffff', '#000000', '#808080', '#e30613']
    const places = ['/', '/courses', '/me/preferences']
    let admin: Visitor

    before(async () => {
      admin = await Visitor.signIn(palier, 'admin', 'en')
    })

    for (const colour of colours) {
      it(`can be read, and its edges seen, in both themes: ${colour}`, async () => {
        const { page } = admin
        await admin.visit('/admin/settings')
        await page.fill('[name=colour]', colour)
        await page.click('section[aria-labelledby=appearance] .button--primary')
        await page.waitForSelector(`.organisation-colours:has-text("${colour}")`)
        const { light, dark } = await admin.json('/admin/settings')
        const made = [light, dark].filter((shade: string) => shade !== colour)
        for (const shade of made)
          expect(await page.innerText('.organisation-colours')).to.include(shade)
        expect(made.length, 'no colour is right in both themes as it is').to.be.above(0)
        expect(await faultsIn(page, ['/admin/settings', ...places])).to.deep.equal([])
      })
    }

    async function faultsIn(page: Page, paths: readonly string[]): Promise<string[]> {
      const faults: string[] = []
      for (const path of paths) {
        await admin.visit(path)
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
          await page.evaluate(() => new Promise((done) => requestAnimationFrame(done)))
          const found = [...(await violationsOn(page, 'colours')), ...(await ask(page, 'nonText'))]
          faults.push(...found.map((fault) => `${path}, ${colorScheme}: ${fault}`))
        }
      }
      return faults
    }

    it('still tells what is current and how far one is where the system gives all colours', async () => {
      const { page } = admin
      await page.emulateMedia({ forcedColors: 'active' })
      await admin.visit('/me/preferences')
      const edge = (selector: string): Promise<string> =>
        page.$eval(selector, (element) => {
          const { borderInlineStartWidth, borderBottomColor } = getComputedStyle(element)
          return `${borderInlineStartWidth} ${borderBottomColor}`
        })
      expect(await edge('.tabs a[aria-current]')).not.to.equal(
        await edge('.tabs a:not([aria-current])'),
      )
      await admin.visit('/courses')
      expect(await edge('.rail a[aria-current]')).not.to.equal(
        await edge('.rail li a:not([aria-current])'),
      )
    })

    it('does not move where less motion is asked for', async () => {
      const { page } = admin
      await page.emulateMedia({ forcedColors: 'none', reducedMotion: 'reduce' })
      await admin.visit('/')
      expect(await ask(page, 'moving')).to.deep.equal([])
    })
  })
})
