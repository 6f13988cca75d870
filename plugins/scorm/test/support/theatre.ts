import type { BrowserContextOptions, Frame, Page } from 'playwright-core'
import { newPage } from '../../../../test/support/browser.js'
import type { Palier } from '../../../../test/support/palier.js'
import type { Imported } from './playing.js'

export const phone: BrowserContextOptions = {
  viewport: { width: 390, height: 780 },
  isMobile: true,
  hasTouch: true,
}

/** A browser of its own in which somebody of the demo institution has signed in. */
export async function signedIn(
  { url }: Pick<Palier, 'url'>,
  name: string,
  options: BrowserContextOptions = {},
): Promise<Page> {
  const page = await newPage(options)
  await signIn(page, url, name)
  return page
}

export async function signIn(page: Page, url: string, name: string): Promise<void> {
  const answer = await page.request.post(`${url}/sign-in`, {
    form: { email: `${name}@demo.palier`, password: 'palier-demo' },
    headers: { origin: url },
    maxRedirects: 0,
    maxRetries: 3,
  })
  if (answer.status() !== 303) throw new Error(`${name} could not sign in: ${answer.status()}`)
}

/** Makes a published course with one package in it, through the trainer's browser. */
export async function stage(
  trainer: Page,
  url: string,
  archive: Buffer,
  overrides: object = {},
): Promise<Imported> {
  const headers = { accept: 'application/json', origin: url }
  const ask = async (path: string, body: object): Promise<Record<string, unknown>> => {
    const answer = await trainer.request.post(url + path, { ...body, headers, maxRetries: 3 })
    if (!answer.ok()) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`)
    return answer.status() === 204 ? {} : ((await answer.json()) as Record<string, unknown>)
  }
  const blank = { title: 'On the stage', language: 'en', summary: 'A test.', outcomes: [] }
  const course = { ...blank, ...overrides }
  const { id } = (await ask('/courses', { data: course })) as { id: string }
  const file = { name: 'package.zip', mimeType: 'application/zip', buffer: archive }
  const added = await ask(`/courses/${id}/activities`, { multipart: { package: file } })
  await ask(`/courses/${id}/publish`, { data: {} })
  const { activity, report } = added as { activity: { id: string }; report: unknown }
  return { course: id, activity: activity.id, report }
}

/** Enrols whoever's browser it is, and opens the player. */
export async function perform(
  page: Page,
  url: string,
  { course, activity }: Imported,
): Promise<Frame> {
  const headers = { accept: 'application/json', origin: url }
  await page.request.post(`${url}/courses/${course}/enrolments`, {
    data: {},
    headers,
    maxRetries: 3,
  })
  await page.goto(`${url}/learn/${activity}`)
  return contentOf(page)
}

/** The frame of the content, once it is there; a part's own page where one is named. */
export async function contentOf(page: Page, path = '/files/'): Promise<Frame> {
  for (let waited = 0; waited < 30_000; waited += 50) {
    const frame = page.frames().find((one) => one.url().includes(path))
    if (frame && (await frame.evaluate(() => document.readyState).catch(() => '')) === 'complete')
      return frame
    await page.waitForTimeout(50)
  }
  const said = await page.locator('.scorm-player__saved').textContent({ timeout: 1000 })
  throw new Error(
    `no content at ${path} (${said ?? ''}): ${page
      .frames()
      .map((frame) => frame.url())
      .join(' ')}`,
  )
}

/** Ends a tab as a crash does: neither the page nor the content in it hears of it. */
export async function killTab(page: Page): Promise<void> {
  const gone = page.waitForEvent('crash')
  const devtools = await page.context().newCDPSession(page)
  void devtools.send('Page.crash').catch(() => undefined)
  await gone
  await page.close()
}

/** Waits until the page says this of saving. */
export async function says(page: Page, state: string, timeout = 20_000): Promise<string> {
  const saved = page.locator(`.scorm-player__saved[data-state=${state}]`)
  await saved.waitFor({ timeout })
  return (await saved.textContent()) ?? ''
}

/** The page of Palier's own package that its learner is on. */
export const pageIn = (content: Frame): Promise<string> =>
  content.evaluate(() => document.querySelector<HTMLOutputElement>('#page')?.value ?? '')

/** How far the course says its learner has come with its one activity, once that is so: it is told a moment after. */
export async function progressOf(
  page: Page,
  { url, imported }: { url: string; imported: Imported },
  status: readonly string[],
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read answers as they come
): Promise<any> {
  const address = `${url}/courses/${imported.course}/progress`
  for (let waited = 0; ; waited += 200) {
    const answer = await page.request.get(address, {
      headers: { accept: 'application/json' },
      maxRetries: 3,
    })
    const text = await answer.text()
    if (!answer.ok()) throw new Error(`${answer.status()} ${text}`)
    const { activities } = JSON.parse(text) as { activities: { id: string; status: string }[] }
    const found = activities.find(({ id }) => id === imported.activity)
    if (found && status.includes(found.status)) return found
    if (waited > 10_000) throw new Error(`never ${status.join(' or ')}: ${text}`)
    await page.waitForTimeout(200)
  }
}
