import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runSuite } from './support/foreign-suite.js'

const TESTS = ['--ignore', 'test/encryption/**/*.test.js', './test/**/*.test.js']
const OPTIONS = ['--exit', '--reporter', 'dot', '--timeout', '20000']

/**
 * `npm run test:mongoose`: Mongoose's own tests against this store, where `MONGOOSE_SRC` is a checkout. Geo operators,
 * `$text`, `$where`, time series and transactions fail by design: the store's README lists them.
 */
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
  return await runSuite((address) => ({
    folder: source,
    arguments: ['node_modules/mocha/bin/mocha.js', ...OPTIONS, ...TESTS],
    settings: { MONGOOSE_TEST_URI: `mongodb://${address}/mongoose_test` },
  }))
}

process.exitCode = await main(process.env['MONGOOSE_SRC'])
