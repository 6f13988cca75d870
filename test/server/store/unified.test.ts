import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fixture } from '../../support/fixtures.js'
import { startTestStore, type TestStore } from './support/store.js'
import { runUnifiedTest, unifiedTests } from './support/unified-runner.js'

const FOLDERS = ['crud/unified', 'retryable-reads/unified', 'run-command']

/** What the driver's own run leaves out, because the driver does not do it. */
const LEFT_OUT_BY_THE_DRIVER = [
  /^create-null-ids\.json: inserting _id with type null via /,
  /: partialResult is unset when (?:all|first) operations? fails? during an (?:un)?ordered bulk write/,
  /^bypassDocumentValidation\.json: .* passes bypassDocumentValidation: false$/,
]
/** What needs what the store declares out of scope. */
const OUT_OF_SCOPE = [
  /^runCursorCommand\.json: does not close the cursor when receiving an empty batch$/,
]

function isOneOf(patterns: readonly RegExp[], title: string): boolean {
  return patterns.some((pattern) => pattern.test(title))
}

describe('The driver’s own specification tests', function () {
  this.timeout(180_000)
  const root = fixture('mongodb-spec')
  let store: TestStore
  let passed = 0
  const lacking = new Map<string, number>()

  before(async function () {
    if (root === undefined) {
      console.log('    skipped: mongodb-spec is not beside the checkout (set PALIER_FIXTURES)')
      this.skip()
    }
    store = await startTestStore(true)
  })

  after(async () => {
    if (root === undefined) return
    await store.stop()
    const missing = [...lacking].map(([method, count]) => `${method} ${String(count)}`).join(', ')
    console.log(`    ${String(passed)} cases passed; not in the driver: ${missing}`)
  })

  for (const folder of FOLDERS) {
    const path = root === undefined ? '' : join(root, folder)
    for (const one of existsSync(path) ? unifiedTests(path) : []) {
      if (isOneOf(LEFT_OUT_BY_THE_DRIVER, one.title)) continue
      it(`${folder}/${one.title}`, async function () {
        if (isOneOf(OUT_OF_SCOPE, one.title)) this.skip()
        const method = await runUnifiedTest(store.uri, one)
        if (method === undefined) {
          passed += 1
          return
        }
        lacking.set(method, (lacking.get(method) ?? 0) + 1)
        this.skip()
      })
    }
  }
})
