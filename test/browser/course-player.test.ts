import { expect } from 'chai'
import { join } from 'node:path'
import type { Compiled } from '../../content/builder/compile.js'
import { checkModule } from '../../content/builder/lint.js'
import { courseOf, wholeWay } from './support/course-walk.js'
import { goOn, press, tabTo } from './support/keyboard.js'
import { closeAll, leave, playOutside, visit } from './support/outside.js'
import { faultsOf } from './support/screens.js'

describe('a built course', function () {
  this.timeout(300_000)
  afterEach(closeAll)

  for (const target of ['scorm12', 'scorm2004'] as const) {
    it(`is gone through by keyboard alone and reports it all as ${target}`, async () => {
      const playing = await playOutside(wholeBank(), target)
      await wholeWay(playing)
      const { status, score, time, kinds } = await leave(playing)
      expect(status).to.deep.equal(target === 'scorm12' ? ['passed'] : ['completed', 'passed'])
      expect(score).to.equal(100)
      expect(time).to.match(target === 'scorm12' ? /^\d+:\d\d:\d\d(\.\d+)?$/ : /^PT[\dHMS]+$/)
      expect(kinds).to.include.members(['choice', 'sequencing', 'matching', 'numeric', 'fill-in'])
    })
  }

  it('goes on at the very question at which the tab was killed', async () => {
    const playing = await playOutside(template(), 'scorm2004')
    const { frame, page, served } = playing
    while ((await goOn(playing)) !== '#/test');
    await press(playing, '.stage .button')
    await press(playing, '.stage .actions .button:last-child')
    const before = await frame.locator('.stage .prompt').textContent()
    await page.waitForTimeout(1200)
    await page.context().close()

    const { frame: course } = await visit(served)
    expect(await course.locator('.stage h2').textContent()).to.match(/2/)
    expect(await course.locator('.stage .prompt').textContent()).to.equal(before)
  })

  it('keeps a note and a practice answer over a reload', async () => {
    const playing = await playOutside(template(), 'scorm12')
    const { page } = playing
    await goOn(playing)
    await goOn(playing)
    await tabTo(playing, '.my-note summary')
    await page.keyboard.press('Enter')
    await tabTo(playing, '.my-note textarea')
    await page.keyboard.type('The door first.')
    await page.waitForTimeout(1200)
    await page.reload()
    const frame = await courseOf(page)
    expect(await frame.locator('.my-note textarea').inputValue()).to.equal('The door first.')
  })

  it('opens with at most 150 KB, and goes on without a connection', async () => {
    const playing = await playOutside(template(), 'web')
    const { page, served, frame } = playing
    const { course, parts } = playing.compiled
    const first = served.sent()
    const names = ['index.html', 'player.js', 'player.css', 'data/course.js', 'data/index.js']
    const weight = names.reduce((sum, name) => sum + (first.get(`package/${name}`) ?? NaN), 0)
    expect(weight).to.be.within(10_000, 150_000)
    await page.waitForFunction(
      (count) => document.querySelectorAll('script[src^="data/"]').length >= count,
      course.parts.length + 2,
    )
    await page.waitForLoadState('networkidle')
    served.close()
    for (const { id } of parts) {
      await frame.evaluate((path) => void (location.hash = `#/${path}`), id)
      await frame.waitForFunction(() => document.querySelector('.way'))
      expect(await frame.locator('h1').textContent()).to.not.match(/could not/)
    }
  })

  it('has nothing axe objects to, in either theme, and fits a phone', async () => {
    expect(await faultsOf(await playOutside(template(), 'web'))).to.deep.equal([])
  })
})

function template(): Compiled {
  const compiled = checkModule(join('content', 'builder', 'template')).compiled.get('en')
  if (!compiled) throw new Error('the template does not compile')
  return compiled
}

/** The template with a test that asks every question it has: one of each kind. */
function wholeBank(): Compiled {
  const { course, ...rest } = template()
  return { ...rest, course: { ...course, draw: { '01-first-unit': rest.bank.length } } }
}
