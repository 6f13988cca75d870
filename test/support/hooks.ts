import { closeBrowser } from './browser.js'
import { stopTestApp } from './app.js'

/** What the suite opened is closed once, after the last test. */
export const mochaHooks = {
  async afterAll(): Promise<void> {
    await stopTestApp()
    await closeBrowser()
  },
}
