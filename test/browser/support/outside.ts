import type { Page } from 'playwright-core'
import type { Compiled } from '../../../content/builder/compile.js'
import { layOut } from '../../../content/builder/pack.js'
import type { Target } from '../../../content/player/course.js'
import { newPage } from '../../support/browser.js'
import { courseOf, type Walk } from './course-walk.js'
import { serve, type Served } from './package-server.js'

/** A course that is played outside Palier. */
export interface Playing extends Walk {
  readonly served: Served
  readonly target: Target
}

/** What a package has reported, in words common to both standards. */
export interface Reported {
  readonly status: readonly unknown[]
  readonly score: number
  readonly time: string
  readonly suspend: string
  readonly kinds: readonly string[]
}

const open: { page: Page; served: Served }[] = []

/** Opens a package in a plain page with scorm-again's own API, or by itself as a page for the web. */
export async function playOutside(compiled: Compiled, target: Target): Promise<Playing> {
  const served = await serve(await layOut(compiled, target), target)
  return { served, compiled, target, ...(await visit(served)) }
}

/** Another window on the same package and what its server has kept. */
export async function visit(served: Served): Promise<Pick<Playing, 'page' | 'frame'>> {
  const page = await newPage({ viewport: { width: 1200, height: 900 } })
  open.push({ page, served })
  await page.goto(served.address)
  return { page, frame: await courseOf(page) }
}

/** Milliseconds until the first screen is painted in a fresh browser, at 1.6 Mbit/s and 150 ms there and back. */
export async function firstPaint(served: Served): Promise<number> {
  const page = await newPage()
  open.push({ page, served })
  const devtools = await page.context().newCDPSession(page)
  const [latency, downloadThroughput, uploadThroughput] = [150, 1_600_000 / 8, 750_000 / 8]
  await devtools.send('Network.enable')
  await devtools.send('Network.emulateNetworkConditions', {
    offline: false,
    latency,
    downloadThroughput,
    uploadThroughput,
  })
  await page.goto(served.address)
  await courseOf(page)
  return page.evaluate(
    () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN,
  )
}

/** Leaves the page, which ends the session: what arrives then is what an LMS keeps. */
export async function leave({ page, served, target }: Playing): Promise<Reported> {
  await page.waitForTimeout(1000)
  await page.goto('about:blank')
  await page.waitForTimeout(300)
  return reportedIn(served.stored(), target)
}

/** Closes every page and server that was opened. */
export async function closeAll(): Promise<void> {
  for (const { page, served } of open.splice(0)) {
    await page.context().close()
    served.close()
  }
}

interface Cmi {
  readonly interactions?: Readonly<Record<string, { readonly type?: unknown }>>
  readonly [element: string]: unknown
}

function reportedIn({ cmi }: { cmi?: unknown }, target: Target): Reported {
  const all = cmi as Cmi
  const told = target === 'scorm12' ? (all.core as Cmi) : all
  const names = target === 'scorm12' ? ['lesson_status'] : ['completion_status', 'success_status']
  return {
    status: names.map((name) => told[name]),
    score: Number((told.score as { raw?: unknown } | undefined)?.raw),
    time: String(told.session_time),
    suspend: String(all.suspend_data),
    kinds: Object.values(all.interactions ?? {}).map(({ type }) => String(type)),
  }
}
