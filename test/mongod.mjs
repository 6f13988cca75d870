import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Runs the suite on a real MongoDB: the one that MONGODB_URI names, or one started from the binary MONGOD. */
const { MONGODB_URI: uri, MONGOD: binary } = process.env
const run = join(dirname(fileURLToPath(import.meta.url)), 'run.mjs')

if (uri) process.exit(test(uri))
if (!binary || !existsSync(resolve(binary))) {
  console.log(
    'Name a MongoDB: MONGODB_URI=mongodb://… or MONGOD=/path/to/mongod npm run test:mongod',
  )
  process.exit(binary ? 1 : 0)
}
process.exit(await withMongod(resolve(binary)))

function test(address) {
  const env = { ...process.env, MONGODB_URI: address }
  const args = [run, ...process.argv.slice(2)]
  return spawnSync(process.execPath, args, { stdio: 'inherit', env }).status ?? 1
}

async function withMongod(program) {
  const data = mkdtempSync(join(tmpdir(), 'palier-mongod-'))
  const socket = join(data, 'mongodb.sock')
  const options = ['--dbpath', data, '--bind_ip', socket, '--port', '27917', '--quiet']
  const server = spawn(program, options, { stdio: ['ignore', 'ignore', 'inherit'] })
  try {
    for (let tries = 0; !existsSync(socket); tries += 1) {
      if (tries > 300 || server.exitCode !== null) throw new Error(`${program} did not start`)
      await new Promise((done) => setTimeout(done, 100))
    }
    const address = `mongodb://${encodeURIComponent(socket)}/palier?directConnection=true`
    return test(address)
  } finally {
    server.kill('SIGTERM')
    await new Promise((done) => server.once('exit', done))
    rmSync(data, { recursive: true, force: true })
  }
}
