import type { Frame } from 'playwright-core'
import type { Compiled } from '../../../content/builder/compile.js'
import { faultsOn } from '../../support/axe.js'
import type { Walk } from './course-walk.js'

/** The addresses of all screens of a course, those beside the way and a printed unit too. */
export function pathsOf({ course }: Compiled): string[] {
  return [
    ...course.parts.flatMap(({ id, kind, sections }) =>
      kind === 'unit' || kind === 'transfer' ? sections.map((each) => `${id}/${each.id}`) : [id],
    ),
    ...(course.hasGlossary ? ['glossary'] : []),
    'notes',
    `print/${course.parts.find(({ kind }) => kind === 'unit')?.id ?? ''}`,
  ]
}

export async function showScreen(frame: Frame, path: string): Promise<void> {
  await frame.evaluate((to) => {
    document.querySelector('main')?.replaceChildren()
    location.hash = `#/${to}`
    dispatchEvent(new HashChangeEvent('hashchange'))
  }, path)
  await frame.waitForSelector('main h1')
}

/** Answers whatever is asked on the screen, rightly or not, so that the explanations are there; opens what is folded. */
export async function answerAll(frame: Frame): Promise<void> {
  await frame.evaluate(() => {
    for (const question of document.querySelectorAll<HTMLFormElement>('form.question')) {
      question.querySelector<HTMLInputElement>('input[type=radio], input[type=checkbox]')?.click()
      for (const typed of question.querySelectorAll<HTMLInputElement>('.typed input')) {
        typed.value = '1'
        typed.dispatchEvent(new Event('input', { bubbles: true }))
      }
      for (const choice of question.querySelectorAll('select')) {
        choice.selectedIndex = choice.options.length - 1
        choice.dispatchEvent(new Event('change', { bubbles: true }))
      }
      question.requestSubmit()
    }
    for (const folded of document.querySelectorAll('details')) folded.open = true
  })
}

/**
 * Every screen of a course, its questions answered: what axe finds in the light and in the dark, and which are wider
 * than a phone. One line each, with the address.
 */
export async function faultsOf(walk: Walk): Promise<string[]> {
  const { page } = walk
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  const inTheLight = await onEach(walk, (frame) => faultsOn(frame))
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.setViewportSize({ width: 320, height: 700 })
  const inTheDark = await onEach(walk, async (frame) => [
    ...(await faultsOn(frame, 'colours')),
    ...(await tooWide(frame)),
  ])
  return [...inTheLight, ...inTheDark.map((fault) => `on a phone, in the dark: ${fault}`)]
}

async function onEach(
  { frame, compiled }: Walk,
  judge: (frame: Frame) => Promise<string[]>,
): Promise<string[]> {
  const faults: string[] = []
  for (const path of pathsOf(compiled)) {
    await showScreen(frame, path)
    await answerAll(frame)
    faults.push(...(await judge(frame)).map((fault) => `${path}: ${fault}`))
  }
  return faults
}

async function tooWide(frame: Frame): Promise<string[]> {
  const [inner, wide] = await frame.evaluate(() => {
    const { clientWidth, scrollWidth } = document.documentElement
    return [clientWidth, scrollWidth] as const
  })
  return wide > inner ? [`${wide} px wide on a screen of ${inner}`] : []
}
