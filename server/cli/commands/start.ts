/* eslint-disable no-console -- what a command says is its result */
import { join } from 'node:path'
import { loadConfig } from '../../config.js'
import { beginStore } from '../../store/launcher.js'
import type { Command } from '../command.js'

const command: Command = {
  usage: '[--demo] [--port <port>]',
  summary: 'Starts Palier, and the embedded store where MONGODB_URI names no other.',
  help: 'Settings come from the environment: see `palier doctor`.',
  options: { demo: { type: 'boolean' }, port: { type: 'string' } },
  async run({ values }) {
    const config = loadConfig({
      ...(values.demo === true && { demo: true }),
      ...(typeof values.port === 'string' && { port: Number(values.port) }),
    })
    if (!config.mongodbUri) beginStore({ dataDir: join(config.dataDir, 'store') })
    // Loaded while the store's process begins: together they take as long as the longer one.
    const { startProcess } = await import('../../index.js')
    await startProcess(config, (line) => console.log(line))
  },
}

export default command
