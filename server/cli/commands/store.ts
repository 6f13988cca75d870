/* eslint-disable no-console -- what a command says is its result */
import { join, resolve } from 'node:path'
import { loadConfig } from '../../config.js'
import { checkStore } from '../../store/check.js'
import { exportStore, importStore, type Moved } from '../../store/dump.js'
import { socketPathFor, uriFor } from '../../store/launcher.js'
import { isSocketPath, serve } from '../../store/server.js'
import type { Command, Fields } from '../command.js'

const command: Command = {
  usage: '[--listen <socket or host:port>] [--data <dir>] | check | export <dir> | import <dir>',
  summary: 'Runs the embedded store alone, checks it, or moves its content to and from MongoDB.',
  help: [
    'Without a word it serves until it is told to stop.',
    '  check          reads every document and index entry; the store must be stopped',
    '  export <dir>   writes what mongorestore reads; the store may be running',
    '  import <dir>   reads what mongodump or export wrote; the store must be stopped',
  ].join('\n'),
  options: { listen: { type: 'string' }, data: { type: 'string' } },
  async run(fields) {
    const directory = dataOf(fields)
    const [word = 'serve', place] = fields.words
    if (word === 'serve') return await serveUntilTold(directory, fields.values['listen'])
    if (word === 'check') return await check(directory)
    if (place === undefined) throw new Error(`${word} which directory?`)
    if (word === 'export') return say('exported', await exportStore(directory, place))
    if (word === 'import') return say('imported', await importStore(place, directory))
    throw new Error(`${word} is none of check, export, import`)
  },
}

export default command

function dataOf({ values }: Fields): string {
  const given = values['data']
  return typeof given === 'string' ? resolve(given) : join(loadConfig().dataDir, 'store')
}

async function serveUntilTold(directory: string, given: unknown): Promise<void> {
  const listen = typeof given === 'string' ? given : socketPathFor(directory)
  const { address, close } = await serve({ directory, listen })
  console.log(
    isSocketPath(address) ? uriFor(address) : `mongodb://${address}/?directConnection=true`,
  )
  await new Promise<void>((done) => {
    process.once('SIGTERM', done)
    process.once('SIGINT', done)
  })
  await close()
  process.exit(0)
}

async function check(directory: string): Promise<void> {
  const { collections, documents, errors } = await checkStore(directory)
  for (const error of errors) console.error(error)
  if (errors.length > 0) throw new Error(`${errors.length} things are wrong in ${directory}`)
  console.log(`${documents} documents of ${collections} collections and their indexes are sound.`)
}

function say(done: string, moved: Moved): void {
  for (const [name, count] of Object.entries(moved)) console.log(`  ${name.padEnd(48)} ${count}`)
  const total = Object.values(moved).reduce((sum, count) => sum + count, 0)
  console.log(`${total} documents ${done}.`)
}
