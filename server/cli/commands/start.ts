/* eslint-disable no-console -- what a command says is its result */
import { loadConfig } from '../../config.js'
import { startProcess } from '../../index.js'
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
    await startProcess(config, (line) => console.log(line))
  },
}

export default command
