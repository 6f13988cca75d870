import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'

let running: Promise<Browser> | undefined

/** Milliseconds for what a page is waited for: two suites side by side on two cores are slow. */
const patience = 90_000

/** The suite's one headless Chromium, unpacked from npm the first time; Debian's where it is installed. */
export function browser(): Promise<Browser> {
  running ??= launch()
  return running
}

export async function closeBrowser(): Promise<void> {
  await (await running)?.close()
  running = undefined
}

/** A page in a context of its own (no cookies shared). Errors of its console are kept in `page.problems`. */
export async function newPage(options: BrowserContextOptions = {}): Promise<Page> {
  const context = await (await browser()).newContext({ locale: 'en-GB', ...options })
  context.setDefaultTimeout(patience)
  return context.newPage()
}

const installed = [process.env.PALIER_CHROMIUM ?? '', '/usr/bin/chromium'].find(existsSync)

/** Unpacks the browser that npm brought, unless one is installed or it was done before. */
export async function unpackBrowser(): Promise<void> {
  if (!installed) await fromNpm()
}

async function launch(): Promise<Browser> {
  const args = [
    '--no-sandbox',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ]
  if (installed)
    return chromium.launch({ executablePath: installed, args: [...args, '--headless=new'] })
  return chromium.launch({ ...(await fromNpm()), args: [...args, '--headless=shell'] })
}

/** The packed browser finds its own libraries only where it believes to be on a bare machine. */
async function fromNpm(): Promise<{ executablePath: string; env: Record<string, string> }> {
  const folder = resolve('.cache/chromium')
  mkdirSync(folder, { recursive: true })
  const temporary = process.env.TMPDIR
  process.env.AWS_LAMBDA_JS_RUNTIME = 'nodejs20.x'
  process.env.TMPDIR = folder
  try {
    const { default: packed } = await import('@sparticuz/chromium')
    const executablePath = await packed.executablePath()
    writeFileSync(join(folder, 'fonts/fonts.conf'), fontConfig(folder))
    const env = {
      ...(process.env as Record<string, string>),
      LD_LIBRARY_PATH: join(folder, 'al2023/lib'),
      FONTCONFIG_PATH: join(folder, 'fonts'),
    }
    return { executablePath, env }
  } catch (error) {
    throw new Error(missing, { cause: error })
  } finally {
    if (temporary === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = temporary
  }
}

const missing =
  'No browser for the tests: the one from npm runs on Linux x64 alone; install Chromium and name it in PALIER_CHROMIUM'

/** The packed one looks for its fonts in fixed places, and without any the browser ends at the first letter. */
const fontConfig = (folder: string): string => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${folder}/fonts</dir>
  <cachedir>${folder}/fonts-cache</cachedir>
</fontconfig>
`
