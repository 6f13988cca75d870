import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { runSuite } from './support/foreign-suite.js'

/** Where its tests expect a server, with a user that this store does not know. */
const EXPECTED = 'root:example@127.0.0.1:27017'

/** `npm run test:connect-mongo`: connect-mongo's own tests against this store, where `CONNECT_MONGO_SRC` is a checkout. */
async function main(source: string | undefined): Promise<number> {
  if (source === undefined || !existsSync(join(source, 'ava.config.mjs'))) {
    console.log(
      'skipped: set CONNECT_MONGO_SRC to a checkout of connect-mongo in which `npm install` was run',
    )
    return 0
  }
  const folder = mkdtempSync(join(tmpdir(), 'palier-connect-mongo-'))
  try {
    return await runSuite((address) => {
      copySuite(source, folder, address)
      return {
        folder,
        arguments: ['node_modules/ava/entrypoints/cli.mjs'],
        settings: { MONGO_URL: `mongodb://${address}` },
      }
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The checkout is left as it is; its copy has the store's address in the place of the expected one. */
function copySuite(source: string, folder: string, address: string): void {
  const isLeftOut = (path: string): boolean => ['node_modules', '.git'].includes(basename(path))
  cpSync(source, folder, { recursive: true, filter: (path) => !isLeftOut(path) })
  symlinkSync(join(source, 'node_modules'), join(folder, 'node_modules'))
  for (const entry of readdirSync(join(folder, 'src'), { recursive: true, encoding: 'utf8' })) {
    const file = join(folder, 'src', entry)
    if (!file.endsWith('.ts')) continue
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(EXPECTED, address))
  }
}

process.exitCode = await main(process.env['CONNECT_MONGO_SRC'])
