import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serve } from '../../../server/store/server.js'

/** `npm run test:mongoose`: Mongoose's own tests against this store, where `MONGOOSE_SRC` is a checkout. */
async function main(source: string | undefined): Promise<number> {
  if (source === undefined || !existsSync(join(source, 'test/mocha-fixtures.js'))) {
    console.log(
      'skipped: set MONGOOSE_SRC to a checkout of Mongoose in which `npm install` was run',
    )
    return 0
  }
  const fixtures = readFileSync(join(source, 'test/mocha-fixtures.js'), 'utf8')
  if (/require\('mongodb-memory-server'\)/.test(fixtures))
    console.log('note: `const mms = null` in test/mocha-fixtures.js spares the memory server')
  const directory = mkdtempSync(join(tmpdir(), 'palier-mongoose-'))
  const options = { directory, testCommands: true, expireEveryMs: 1000 }
  const store = await serve({ ...options, listen: '127.0.0.1:0' })
  try {
    return await mocha(source, `mongodb://${store.address}/mongoose_test`)
  } finally {
    await store.close()
    rmSync(directory, { recursive: true, force: true })
  }
}

/** Geo operators, `$text`, `$where`, time series and transactions fail by design: the store's README lists them. */
function mocha(source: string, uri: string): Promise<number> {
  const files = ['--ignore', 'test/encryption/**/*.test.js', './test/**/*.test.js']
  const child = spawn(
    process.execPath,
    [
      'node_modules/mocha/bin/mocha.js',
      '--exit',
      '--reporter',
      'dot',
      '--timeout',
      '20000',
      ...files,
    ],
    { cwd: source, stdio: 'inherit', env: { ...process.env, MONGOOSE_TEST_URI: uri } },
  )
  return new Promise((resolve) => {
    child.on('exit', (code) => {
      resolve(code ?? 1)
    })
  })
}

process.exitCode = await main(process.env['MONGOOSE_SRC'])
