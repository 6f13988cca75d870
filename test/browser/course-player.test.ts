import { expect } from 'chai'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import type { Compiled } from '../../content/builder/compile.js'
import { checkModule } from '../../content/builder/lint.js'
import { layOut } from '../../content/builder/pack.js'
import { shippedModules } from '../../content/modules.js'
import type { Target } from '../../content/player/course.js'
import { newPage, violationsOn } from '../support/browser.js'
import { goOn, playCase, press, tabTo, takeTest, type Typist } from './support/keyboard.js'
import { serve, type Served } from './support/package-server.js'

interface Cmi {
  readonly core?: Record<string, never>
  readonly [element: string]: unknown
}

interface Playing extends Typist {
  readonly served: Served
  readonly compiled: Compiled
}

describe('a built course', function () {
  this.timeout(300_000)
  const open: { page: Page; served: Served }[] = []

  async function play(compiled: Compiled, target: Target): Promise<Playing> {
    const served = await serve(await layOut(compiled, target), target)
    const page = await newPage({ viewport: { width: 1200, height: 900 } })
    open.push({ page, served })
    await page.goto(served.address)
    return { served, compiled, page, frame: await courseOf(page) }
  }

  afterEach(async () => {
    for (const { page, served } of open.splice(0)) {
      await page.context().close()
      served.close()
    }
  })

  for (const target of ['scorm12', 'scorm2004'] as const) {
    it(`is gone through by keyboard alone and reports it all as ${target}`, async () => {
      const playing = await play(wholeBank(), target)
      await wholeWay(playing)
      await closed(playing)
      const { cmi } = playing.served.stored() as { cmi: Cmi }
      const { status, score, time } = resultOf(cmi, target)
      expect(status).to.deep.equal(target === 'scorm12' ? ['passed'] : ['completed', 'passed'])
      expect(Number(score)).to.equal(100)
      expect(time).to.match(target === 'scorm12' ? /^\d+:\d\d:\d\d(\.\d+)?$/ : /^PT[\dHMS]+$/)
      const kinds = Object.values(cmi.interactions as object).map(({ type }) => String(type))
      expect(kinds).to.include.members(['choice', 'sequencing', 'matching', 'numeric', 'fill-in'])
    })
  }

  it('goes on at the very question at which the tab was killed', async () => {
    const playing = await play(template(), 'scorm2004')
    const { frame, page, served } = playing
    while ((await goOn(playing)) !== '#/test');
    await press(playing, '.stage .button')
    await press(playing, '.stage .actions .button:last-child')
    const before = await frame.locator('.stage .prompt').textContent()
    await page.waitForTimeout(1200)
    await page.context().close()

    const again = await newPage()
    open.push({ page: again, served })
    await again.goto(served.address)
    const course = await courseOf(again)
    expect(await course.locator('.stage h2').textContent()).to.match(/2/)
    expect(await course.locator('.stage .prompt').textContent()).to.equal(before)
  })

  it('keeps a note and a practice answer over a reload', async () => {
    const playing = await play(template(), 'scorm12')
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
    const playing = await play(template(), 'web')
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
    const { page, compiled } = await play(template(), 'web')
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width: colorScheme === 'dark' ? 320 : 1200, height: 800 })
      const paths = pathsOf(compiled)
      for (const path of colorScheme === 'dark' ? paths.filter((_, at) => at % 2) : paths) {
        await page.evaluate((to) => void (location.hash = `#/${to}`), path)
        await page.waitForTimeout(150)
        expect(await violationsOn(page)).to.deep.equal([])
        const tooWide = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        )
        expect(tooWide, path).to.equal(0)
      }
    }
  })

  for (const [module, language, compiled] of shipped()) {
    it(`${module} in ${language} can be gone through, passed and completed`, async () => {
      const playing = { ...(await play(compiled, 'scorm2004')), quick: true }
      await wholeWay(playing)
      await closed(playing)
      const { cmi } = playing.served.stored() as { cmi: Cmi }
      expect(cmi.completion_status).to.equal('completed')
      expect(cmi.success_status).to.equal('passed')
      expect(String(cmi.suspend_data).length).to.be.below(4096)
    })
  }
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

function shipped(): [string, string, Compiled][] {
  return shippedModules().flatMap((module) =>
    [...checkModule(join('content', 'modules', module)).compiled].map(
      ([language, compiled]): [string, string, Compiled] => [module, language, compiled],
    ),
  )
}

const pathsOf = ({ course }: Compiled): string[] => [
  ...course.parts.flatMap(({ id, kind, sections }) =>
    kind === 'unit' || kind === 'transfer' ? sections.map((each) => `${id}/${each.id}`) : [id],
  ),
  'glossary',
  'notes',
  `print/${course.parts.find(({ kind }) => kind === 'unit')?.id ?? ''}`,
]

async function courseOf(page: Page): Promise<Typist['frame']> {
  const frame = page.frame('course') ?? page.mainFrame()
  await frame.waitForSelector('h1')
  return frame
}

async function wholeWay(playing: Playing): Promise<void> {
  const { page, frame, compiled } = playing
  await page.waitForTimeout(100)
  await frame.locator('h1').evaluate((heading) => {
    heading.tabIndex = -1
    heading.focus()
  })
  const last = compiled.course.parts.filter(({ kind }) => kind !== 'tool').at(-1)?.id
  for (let to: string | undefined = ''; to !== undefined; to = await goOn(playing)) {
    if (to === '#/case') await playCase(playing)
    if (to === '#/test') await takeTest(playing, compiled)
  }
  expect(await frame.evaluate(() => location.hash)).to.include(last)
  await frame.waitForFunction(() => document.querySelector('progress')?.value === 100)
}

/** Closing the page ends the session: what arrives then is what an LMS keeps. */
async function closed({ page }: Playing): Promise<void> {
  await page.waitForTimeout(1000)
  await page.goto('about:blank')
  await page.waitForTimeout(300)
}

function resultOf(cmi: Cmi, target: Target): { status: unknown[]; score: unknown; time: unknown } {
  if (target === 'scorm12') {
    const { lesson_status: status, score, session_time: time } = cmi.core ?? {}
    return { status: [status], score: (score as { raw?: unknown } | undefined)?.raw, time }
  }
  const { completion_status, success_status, score, session_time } = cmi
  const { raw } = score as { raw?: unknown }
  return { status: [completion_status, success_status], score: raw, time: session_time }
}
