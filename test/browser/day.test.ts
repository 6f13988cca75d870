import { expect } from 'chai'
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { buildPackage } from '../../plugins/scorm/test/support/packages.js'
import { fixture } from '../support/fixtures.js'
import { openMailbox, type Mailbox } from '../support/mailbox.js'
import { removeData, startPalier, type Palier } from '../support/palier.js'
import { needsPlugins } from '../support/plugins.js'
import { Visitor } from './support/visitor.js'

const golf = 'scorm/golf/RuntimeBasicCalls_SCORM12.zip'
const competency = 'managerial:customer-service'
const titles = { en: 'Customer service at the counter', fr: 'L’accueil au guichet' } as const
const badges = { en: 'Shapes public service', fr: 'Façonne le service aux publics' } as const
const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true } as const

for (const language of ['en', 'fr'] as const) {
  describe(`a day of Palier, in ${language}`, function () {
    this.timeout(300_000)
    const title = titles[language]
    let palier: Palier
    let mailbox: Mailbox
    let trainer: Visitor
    let manager: Visitor
    let course = ''
    let step = ''
    let lost = false

    // The day goes on from what was done before: after a failure the rest of it means nothing.
    beforeEach(function () {
      if (lost) this.skip()
    })
    afterEach(function () {
      lost ||= this.currentTest?.state === 'failed'
    })

    before(async function () {
      needsPlugins(this, 'scorm', 'badges', 'forum')
      mailbox = await openMailbox()
      palier = await startPalier({ env: { SMTP_URL: mailbox.smtpUrl } })
      trainer = await Visitor.signIn(palier, 'trainer', language)
      manager = await Visitor.signIn(palier, 'manager', language)
    })
    after(async () => {
      await palier?.stop()
      await mailbox?.close()
      removeData()
    })

    it('the trainer writes a course with an outcome', async () => {
      const { page } = trainer
      await trainer.visit('/courses')
      await page.click('a[href="/courses/new"]')
      await page.fill('[name=title]', title)
      await page.selectOption('[name=language]', language)
      await page.click('main form .button--primary')
      await page.waitForURL('**/edit')
      course = /courses\/([^/]+)\/edit/.exec(page.url())?.[1] ?? ''
      await page.selectOption('#outcome-0', competency)
      await page.selectOption('#outcome-level-0', '4')
      await page.click('.learning-save .button--primary')
      await page.waitForSelector('.notice--good')
      expect(await page.inputValue('#outcome-level-0')).to.equal('4')
      await trainer.looksRight()
    })

    it('drags a package in, and is told what it holds', async () => {
      const { page } = trainer
      await page.click('a[href$="activities/new?kind=package"]')
      await page.waitForSelector('[data-upload-target=drop]')
      await dropFile(page, await packageOfTheDay())
      await page.click('main form .button--primary')
      await page.waitForURL('**/activities/*')
      const report = (await page.textContent('section[aria-labelledby=report]')) ?? ''
      expect(report)
        .to.include('SCORM 1.2')
        .and.to.match(/\.html/)
      step = page.url().split('/activities/')[1] ?? ''
      await trainer.looksRight()
    })

    it('previews it without leaving a trace, and publishes', async () => {
      const { page } = trainer
      await trainer.visit(`/learn/${step}?preview=1`)
      await trainer.content()
      await page.waitForSelector('.scorm-player__saved[data-state=preview]')
      await trainer.visit(`/courses/${course}/edit`)
      await page.click('form[action$="/publish"] button')
      await page.waitForURL(`**/courses/${course}`)
      const { total } = await trainer.json(`/courses/${course}/participants`)
      expect(total).to.equal(0)
    })

    it('the manager finds it, enrols, and begins', async () => {
      const { page } = manager
      await manager.visit('/')
      await manager.looksRight()
      await manager.visit(`/courses?q=${encodeURIComponent(title)}`)
      await manager.looksRight()
      await page.click(`main a[href="/courses/${course}"]`)
      await page.click('form[action$="/enrolments"] button')
      await page.click(`section[aria-labelledby=enrol] a[href="/learn/${step}"]`)
      const content = await manager.content()
      await content.turnPage()
      await content.turnPage()
      const said = await page.waitForSelector('.scorm-player__saved[data-state=saved]')
      expect(await said.textContent()).to.match(/\d\d.\d\d/)
      await manager.looksRight()
      await page.close()
    })

    it('comes back on a phone, is where she was, and finishes', async () => {
      const onPhone = await Visitor.signIn(palier, 'manager', language, phone)
      await onPhone.visit('/')
      await onPhone.looksRight()
      await onPhone.page.click(`main a[href="/learn/${step}"]`)
      const content = await onPhone.content()
      expect(await content.place()).to.equal(3)
      manager = await Visitor.signIn(palier, 'manager', language)
      await manager.visit('/notifications')
      await manager.live()
      await content.finish()
      await onPhone.page.waitForSelector('[data-scorm--player-target=finished]:not([hidden])')
      await onPhone.looksRight()
    })

    it('a badge arrives as a toast, in the inbox and by mail', async () => {
      const { page } = manager
      const badge = badges[language]
      await page.waitForSelector(`.toast:has-text("${badge}")`)
      await manager.visit('/notifications')
      expect(await page.textContent('main')).to.include(badge)
      await manager.looksRight()
      for (let waited = 0; waited < 10_000 && !told(mailbox); waited += 100) {
        await page.waitForTimeout(100)
      }
      expect(told(mailbox), 'a mail to her').to.equal(true)
    })

    it('the course says why it is complete, and status, score and time are right', async () => {
      await manager.visit(`/courses/${course}/progress`)
      await manager.looksRight()
      const { activities, enrolment, completed } = await manager.json(`/courses/${course}/progress`)
      expect({ completed, status: enrolment.status }).to.deep.equal({
        completed: true,
        status: 'completed',
      })
      const [only] = activities
      expect(only.status).to.equal('passed')
      expect(only.score.raw).to.be.at.least(60)
      expect(only.time).to.match(/^PT\d/)
      expect(only.savedAt).to.match(/Z$/)
      expect(only.criterion).to.include({ kind: 'completed', source: 'content', met: true })
    })

    it('her competency page has the new level, with its evidence and its rule', async () => {
      const { person } = await manager.json('/me')
      await manager.visit(`/people/${person.id}/competencies`)
      await manager.looksRight()
      const { competencies } = await manager.json(`/people/${person.id}/competencies`)
      const line = competencies.find((one: { competency: string }) => one.competency === competency)
      expect(line.level).to.equal(4)
      const decided = line.evidence.find((one: { decided: boolean }) => one.decided)
      expect(decided).to.include({ about: title, source: 'learning:completion' })
      expect(await manager.page.textContent(`[id="${competency}"]`)).to.include(line.explanation)
    })

    it('her question in the discussion is answered live', async () => {
      await manager.visit(`/forums/course:${course}/topics`)
      const { page } = manager
      await page.fill('[name=title]', 'Queue')
      await page.fill('[name=text]', 'What about **noise**?')
      await page.click('main form .button--primary')
      await page.waitForURL('**/topics/**')
      const topic = new URL(page.url()).pathname
      await manager.live()
      await manager.looksRight()
      await trainer.visit('/notifications')
      await trainer.visit(topic)
      await trainer.page.fill('[name=text]', 'Lower the screens.')
      await trainer.page.click('section[aria-labelledby=answer] .button--primary')
      await page.waitForSelector('.forum-posts:has-text("Lower the screens.")')
    })

    it('the coordinator sees her people, and nobody else’s', async () => {
      const coordinator = await Visitor.signIn(palier, 'coordinator', language)
      await coordinator.visit(`/progress?course=${course}`)
      await coordinator.looksRight()
      expect(await coordinator.page.textContent('main')).to.include(manager.name)
      const { items } = await coordinator.json('/people')
      const { units } = await coordinator.json('/units')
      const own = ownUnits(units, 'coast-delegation')
      for (const { name, unit } of items) expect(own, name).to.include(unit.id)
      const elsewhere = await coordinator.page.request.get(`${palier.url}/people/dylan-ashworth`)
      expect(elsewhere.status()).to.equal(404)
    })

    it('the administrator sees what runs, and who did what', async () => {
      const admin = await Visitor.signIn(palier, 'admin', language)
      await admin.visit('/admin/plugins')
      await admin.looksRight()
      for (const id of ['scorm', 'badges', 'forum', 'learning'])
        expect(await admin.page.textContent('main')).to.include(id)
      await admin.visit('/admin/audit')
      await admin.looksRight()
      expect(await admin.page.textContent('main')).to.include(trainer.name)
    })
  })
}

const told = ({ received }: Mailbox): boolean =>
  received.some((mail) => /^To:.*manager@demo\.palier/im.test(mail) && /badges/.test(mail))

async function packageOfTheDay(): Promise<Buffer> {
  const real = fixture(golf)
  return real ? readFileSync(real) : buildPackage({ title: 'At the counter', masteryScore: 60 })
}

/** As a file manager does it: the bytes come with the drop. */
async function dropFile(page: Page, bytes: Buffer): Promise<void> {
  const transfer = await page.evaluateHandle((encoded) => {
    const data = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0))
    const carried = new DataTransfer()
    carried.items.add(new File([data], 'counter.zip', { type: 'application/zip' }))
    return carried
  }, bytes.toString('base64'))
  await page.dispatchEvent('[data-upload-target=drop]', 'drop', { dataTransfer: transfer })
}

interface Node {
  readonly id: string
  readonly children: readonly Node[]
}

function ownUnits(nodes: readonly Node[], top: string, inside = false): string[] {
  return nodes.flatMap(({ id, children }) => {
    const here = inside || id === top
    return [...(here ? [id] : []), ...ownUnits(children, top, here)]
  })
}
