import { expect } from 'chai'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { removeData, startPalier, type Palier } from '../support/palier.js'
import { needsPlugins } from '../support/plugins.js'
import { Visitor } from './support/visitor.js'

const page = readFileSync('docs/course-builder.md', 'utf8')
const steps = (/## Ten minutes[^]*?\n(1\. [^]*?)\n## /.exec(page)?.[1] ?? '').split(/\n(?=\d\. )/)

describe('the page on writing a course', function () {
  this.timeout(300_000)
  let palier: Palier
  let folder: string

  before(async function () {
    needsPlugins(this, 'scorm')
    palier = await startPalier()
  })
  after(async () => {
    await palier?.stop()
    removeData()
  })
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'palier-trainer-'))))
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('leads a trainer word by word from an empty folder to a published course', async () => {
    makePackages()
    await publish()
  })

  /** Runs the commands as they stand there, and looks for every file they are said to write. */
  function makePackages(): void {
    const commands = steps.flatMap((step) => [...step.matchAll(/`npx palier ([^`]+)`/g)])
    expect(commands.map(([, words = '']) => words.split(' ')[0])).to.deep.equal([
      'content:new',
      'content:lint',
      'content:build',
    ])
    for (const [, words = ''] of commands) {
      const there = words.replaceAll('../', `${folder}/`).split(' ')
      execFileSync(process.execPath, ['server/cli/palier.mjs', ...there], { stdio: 'pipe' })
    }
    for (const [, file = ''] of steps
      .slice(1, 3)
      .join()
      .matchAll(/`(en\/[^`]+)`/g))
      expect(existsSync(join(folder, 'opening-hour', file)), file).to.equal(true)
    for (const [, built = ''] of steps[4]?.matchAll(/`(opening-hour-[^`]+)`/g) ?? [])
      expect(existsSync(join(folder, 'built', built)), built).to.equal(true)
  }

  /** Goes by the names of what is on Palier's screens. */
  async function publish(): Promise<void> {
    const withoutScript = { javaScriptEnabled: false }
    const trainer = await Visitor.signIn(palier, 'trainer', 'en', withoutScript)
    for (const [, word = '', file = ''] of steps.slice(5).join('\n').matchAll(named)) {
      if (file) await trainer.page.setInputFiles('[type=file]', join(folder, 'built', file))
      else await follow(trainer.page, word.replace(/\s+/g, ' '))
    }
    const course = /courses\/([^/?#]+)/.exec(trainer.page.url())?.[1] ?? ''
    const { status, outcomes } = await trainer.json(`/courses/${course}`)
    expect({ status, outcomes: outcomes.length }).to.deep.equal({
      status: 'published',
      outcomes: 1,
    })
  }
})

/** What a step names: a word on the screen, or a file. */
const named = /_([A-Z][^_]*)_|`([^`]+\.zip)`/g

/** Does with what bears this name what its kind is for. Without script each press is a page of its own to wait for. */
async function follow(page: Page, name: string): Promise<void> {
  const pressed = page
    .getByRole('link', { name, exact: true })
    .or(page.getByRole('button', { name, exact: true }))
    .filter({ visible: true })
  const field = page
    .getByLabel(name, { exact: true })
    .and(page.locator('input, select'))
    .filter({ visible: true })
  await pressed
    .or(field)
    .or(page.getByText(name, { exact: true }))
    .first()
    .waitFor()
  if (await pressed.count()) {
    await Promise.all([page.waitForEvent('load'), pressed.first().click()])
  } else if (name === 'Title') await field.fill('The opening hour')
  else if (await field.count()) await field.first().selectOption({ index: 1 })
}
