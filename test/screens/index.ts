import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import type { Page } from 'playwright-core'
import { browser, closeBrowser } from '../support/browser.js'
import { startBuilt, type Built } from '../support/built.js'
import { cookiesFor, pagesFor, roles, signedInAs, type Role, type Stop } from '../support/tour.js'
import { sheetOf, type Shot } from './sheet.js'

/**
 * `npm run screens` takes a picture of every page as every role sees it: both themes, desktop and phone, in English and
 * French; one contact sheet per role. `--role manager`, `--path /courses`, `--language fr` take a part of it.
 */
const { values } = parseArgs({
  options: {
    role: { type: 'string', multiple: true },
    path: { type: 'string' },
    language: { type: 'string', multiple: true, default: ['en', 'fr'] },
    theme: { type: 'string', multiple: true, default: ['light', 'dark'] },
    width: { type: 'string', multiple: true, default: ['desktop', 'phone'] },
  },
})
const sizes = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 780 } } as const
const folder = 'screens'

spawnSync(process.execPath, ['server/cli/build.mjs'], { stdio: 'inherit' })
const palier = await startBuilt()
for (const role of roles) {
  if (!values.role || values.role.includes(role)) await portray(palier, role)
}
await closeBrowser()
await palier.stop()
process.exit(0)

async function portray(built: Built, role: Role): Promise<void> {
  rmSync(join(folder, role), { recursive: true, force: true })
  mkdirSync(join(folder, role), { recursive: true })
  const shots: Shot[] = []
  for (const language of values.language) {
    const cookie = await signedInAs(built, role, language)
    const stops = (await pagesFor(built, cookie)).filter(
      ({ route }) => !values.path || route.startsWith(values.path),
    )
    const context = await (await browser()).newContext({ locale: language })
    await context.addCookies(cookiesFor(built, cookie))
    const page = await context.newPage()
    for (const stop of stops) shots.push(...(await take(page, { built, role, language, stop })))
    await context.close()
  }
  writeFileSync(join(folder, `${role}.html`), sheetOf(role, shots))
  console.log(`${folder}/${role}.html  ${shots.length} pictures`)
}

interface Subject {
  readonly built: Built
  readonly role: Role
  readonly language: string
  readonly stop: Stop
}

async function take(page: Page, { built, role, language, stop }: Subject): Promise<Shot[]> {
  await page.goto(new URL(stop.path, built.url).href, { waitUntil: 'load' })
  const shots: Shot[] = []
  for (const width of values.width) {
    await page.setViewportSize(sizes[width as keyof typeof sizes])
    for (const theme of values.theme) {
      await page.emulateMedia({ colorScheme: theme as 'light' | 'dark', reducedMotion: 'reduce' })
      const name = stop.route.replace(/[^\w]+/g, '-').replace(/^-|-$/g, '') || 'home'
      const file = `${role}/${name}.${width}.${theme}.${language}.jpg`
      await page.screenshot({ path: join(folder, file), fullPage: true, quality: 70, type: 'jpeg' })
      shots.push({ route: stop.route, caption: `${width} ${theme} ${language}`, file })
    }
  }
  return shots
}
