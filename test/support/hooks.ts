import { rmSync } from 'node:fs'
import { closeBrowser, unpackBrowser } from './browser.js'
import { stopTestApp, testData } from './app.js'

const isWorker = process.env.MOCHA_WORKER_ID !== undefined

/** Before any process runs tests: several that unpack one browser at once would break it. */
export const mochaGlobalSetup = unpackBrowser

/**
 * What the suite opened is closed once, after the last test. One of several processes does not know which test is its
 * last: what it opened serves its next file too, and ends with it.
 */
export const mochaHooks = isWorker ? {} : { afterAll: [() => stopTestApp(), () => closeBrowser()] }

if (isWorker) {
  process.once('exit', () => {
    const folder = testData()
    if (folder) rmSync(folder, { recursive: true, force: true })
  })
}
