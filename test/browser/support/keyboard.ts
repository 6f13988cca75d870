import type { Frame, Page } from 'playwright-core'
import type { Compiled } from '../../../content/builder/compile.js'
import type { Question } from '../../../content/player/course.js'
import { letters } from '../../../content/player/scoring.js'

/** Somebody who goes through a course by the keyboard alone. */
export interface Typist {
  readonly page: Page
  readonly frame: Frame
  /** Takes for granted that Tab reaches everything: for long ways, once a short one has shown it. */
  readonly quick?: boolean
}

/** Presses Tab until something is focused; fails when it is out of reach. */
export async function tabTo({ page, frame, quick }: Typist, selector: string): Promise<void> {
  if (quick) return await frame.locator(selector).first().focus()
  for (let presses = 0; presses < 200; presses += 1) {
    const there = await frame.evaluate(
      (wanted) => document.activeElement?.matches(wanted) ?? false,
      selector,
    )
    if (there) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`${selector} cannot be reached by Tab`)
}

export async function press(typist: Typist, selector: string, key = 'Enter'): Promise<void> {
  await tabTo(typist, selector)
  await typist.page.keyboard.press(key)
}

/** Goes on to the next screen; answers its address, or nothing at the end. */
export async function goOn(typist: Typist): Promise<string | undefined> {
  const { frame } = typist
  const next = frame.locator('a.to.after')
  if ((await next.count()) === 0) return undefined
  const to = (await next.getAttribute('href')) ?? ''
  await press(typist, 'a.to.after')
  await frame.waitForFunction((hash) => location.hash === hash && document.querySelector('h1'), to)
  await frame.waitForFunction(() => document.activeElement?.tagName === 'H1')
  return to
}

/** Answers the question on the screen rightly. */
export async function answer(typist: Typist, question: Question): Promise<void> {
  const { page, frame } = typist
  const { kind, answers } = question
  const right = answers.flatMap(({ worth }, at) => (worth === 100 ? [letters[at] ?? ''] : []))
  if (kind === 'multiple') {
    for (const letter of right) {
      const box = `.options input[value="${letter}"]`
      const checked = await frame.locator(box).isChecked()
      if (!checked) await press(typist, box, 'Space')
    }
    return
  }
  if (kind === 'order') return await arrange(typist, answers.length)
  if (kind === 'match') return await pair(typist, question)
  if (kind === 'fill-in' || kind === 'numeric') {
    await tabTo(typist, '.typed input')
    const accepted = answers.find(({ worth }) => worth === 100)?.accepts?.[0] ?? ''
    return await page.keyboard.type(accepted.split('..')[0] ?? '')
  }
  await choose(typist, right[0] ?? '')
}

async function choose(typist: Typist, letter: string): Promise<void> {
  const { page, frame } = typist
  await press(typist, '.options input', 'Space')
  const wanted = frame.locator(`.options input[value="${letter}"]`)
  for (let tries = 0; tries < 12 && !(await wanted.isChecked()); tries += 1) {
    await page.keyboard.press('ArrowDown')
  }
}

async function pair(typist: Typist, { answers }: Question): Promise<void> {
  const { page, frame } = typist
  const lefts = answers.filter(({ html }) => html)
  for (const [at, { to }] of lefts.entries()) {
    const letter = letters[answers.findIndex((each) => each.to === to)] ?? ''
    const select = frame.locator('.pair select').nth(at)
    await tabTo(typist, `.pair:nth-of-type(${at + 1}) select`)
    for (let tries = 0; tries < 12 && (await select.inputValue()) !== letter; tries += 1) {
      await page.keyboard.press('ArrowDown')
    }
  }
}

/** Moves each step up until it stands in its place. */
async function arrange(typist: Typist, count: number): Promise<void> {
  const { frame } = typist
  for (let place = 0; place < count; place += 1) {
    for (;;) {
      const at = await placeOf(frame, place)
      if (at <= place) break
      await press(typist, `.order li:nth-child(${at + 1}) button:first-of-type`)
    }
  }
}

/** Where the step is that belongs in a place: the test page keeps the right order for the asking. */
async function placeOf(frame: Frame, place: number): Promise<number> {
  const texts = await frame.locator('.order li > span:first-child').allTextContents()
  const wanted = await frame.evaluate(
    (at) => (window as unknown as { wantedOrder?: string[] }).wantedOrder?.[at] ?? '',
    place,
  )
  return texts.map((each) => each.trim()).indexOf(wanted)
}

/** Plays the case to an end, always deciding for the first thing on offer. */
export async function playCase(typist: Typist): Promise<void> {
  for (let steps = 0; steps < 40; steps += 1) {
    if ((await typist.frame.locator('.ending').count()) > 0) return
    await press(typist, '.decision')
  }
  throw new Error('the case does not end')
}

/** Takes the test, every answer right. */
export async function takeTest(typist: Typist, compiled: Compiled): Promise<void> {
  await press(typist, '.stage .button')
  await finishTest(typist, compiled)
}

/** Goes on with a test that has begun, to its result. */
export async function finishTest(typist: Typist, compiled: Compiled): Promise<void> {
  for (let steps = 0; steps < 60; steps += 1) {
    if ((await typist.frame.locator('.result').count()) > 0) return
    await answerNext(typist, compiled)
  }
  throw new Error('the test does not end')
}

/** Answers the question of the test that is on the screen rightly, and goes to the next. */
export async function answerNext(typist: Typist, { bank }: Compiled): Promise<void> {
  await answer(typist, await asked(typist.frame, bank))
  await press(typist, '.stage .actions .button:last-child')
}

/** The question of the bank that is on the screen. */
async function asked(frame: Frame, bank: readonly Question[]): Promise<Question> {
  const shown = squeezed((await frame.locator('.prompt').textContent()) ?? '')
  const question = bank.find(({ text }) => shown.startsWith(squeezed(text).slice(0, 150)))
  if (!question) throw new Error(`not in the bank: ${shown}`)
  await frame.evaluate(
    (texts) => {
      ;(window as unknown as { wantedOrder?: string[] }).wantedOrder = texts
    },
    await orderOf(frame, question),
  )
  return question
}

async function orderOf(frame: Frame, { answers }: Question): Promise<string[]> {
  return frame.evaluate(
    (all) =>
      all.map((html) => {
        const span = document.createElement('span')
        span.innerHTML = html
        return (span.textContent ?? '').trim()
      }),
    answers.map(({ html }) => html),
  )
}

const squeezed = (words: string): string => words.replace(/\s+/g, '')
