import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fixture } from '../../support/fixtures.js'
import { startTestStore, type TestStore } from './support/store.js'
import { runUnifiedTest, unifiedTests } from './support/unified-runner.js'

const FOLDERS = ['crud/unified', 'retryable-reads/unified', 'run-command']

describe('The driver’s own specification tests', function () {
  this.timeout(20_000)
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
    for (const one of existsSync(path) ? unifiedTests(path) : [])
      it(`${folder}/${one.title}`, async function () {
        const method = await runUnifiedTest(store.uri, one)
        if (method === undefined) {
          passed += 1
          return
        }
        lacking.set(method, (lacking.get(method) ?? 0) + 1)
        this.skip()
      })
  }
})
