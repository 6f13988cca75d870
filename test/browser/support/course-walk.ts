import { expect } from 'chai'
import { join } from 'node:path'
import type { Frame, Page } from 'playwright-core'
import type { Compiled } from '../../../content/builder/compile.js'
import { checkModule } from '../../../content/builder/lint.js'
import type { Language } from '../../../content/builder/sources.js'
import { shippedModules } from '../../../content/modules.js'
import type { Target } from '../../../content/player/course.js'
import { goOn, playCase, takeTest, type Typist } from './keyboard.js'

/** Somebody at a course, and what it holds. */
export interface Walk extends Typist {
  readonly compiled: Compiled
}

export interface ShippedPackage {
  readonly module: string
  readonly language: Language
  readonly compiled: Compiled
  /** The standards in which it is played: one inside Palier, the other outside; with PALIER_PACKAGES=all both. */
  readonly inside: readonly Target[]
  readonly outside: readonly Target[]
}

/** Whether every package is played in every way, which takes minutes: `npm run test:packages`. */
export const thoroughly = process.env.PALIER_PACKAGES === 'all'

const standards: readonly [Target, Target] = ['scorm12', 'scorm2004']

/** Each shipped module in one of its languages, the languages by turns; with PALIER_PACKAGES=all in each. */
export function shippedPackages(): ShippedPackage[] {
  return shippedModules()
    .flatMap((module, number) =>
      [...checkModule(join('content', 'modules', module)).compiled]
        .map(([language, compiled]) => ({
          module,
          language: language as Language,
          compiled,
        }))
        .filter((_, at, all) => thoroughly || at === number % all.length),
    )
    .map((each, at) => ({
      ...each,
      inside: thoroughly ? standards : [standards[at % 2] ?? 'scorm12'],
      outside: thoroughly ? standards : [standards[(at + 1) % 2] ?? 'scorm2004'],
    }))
}

/** The course in its frame, or the page itself where it needs none. */
export async function courseOf(page: Page): Promise<Frame> {
  const frame = page.frame('course') ?? page.mainFrame()
  await frame.waitForSelector('h1')
  return frame
}

/** From the first screen to the last, the case and the test on the way. */
export async function wholeWay(walk: Walk): Promise<void> {
  await wayTo(walk, undefined)
  const { frame, compiled } = walk
  const last = compiled.course.parts.filter(({ kind }) => kind !== 'tool').at(-1)?.id
  expect(await frame.evaluate(() => location.hash)).to.include(last)
  await frame.waitForFunction(() => document.querySelector('progress')?.value === 100)
}

/** Goes on until a screen is reached, or the end; what is to be done on the way is done. */
export async function wayTo(walk: Walk, end: string | undefined): Promise<void> {
  const { frame } = walk
  await frame.locator('h1').evaluate((heading) => {
    heading.tabIndex = -1
    heading.focus()
  })
  for (let to = await goOn(walk); to !== undefined && to !== end; to = await goOn(walk)) {
    if (to === '#/case') await playCase(walk)
    if (to === '#/test') await takeTest(walk, walk.compiled)
  }
}
