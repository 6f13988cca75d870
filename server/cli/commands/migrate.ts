/* eslint-disable no-console -- what a command says is its result */
import type { Command } from '../command.js'
import { withApp } from '../with-app.js'

const command: Command = {
  usage: '',
  summary: 'Runs the migrations that have not run yet, and ends. A start does the same.',
  run: () => withApp(async () => console.log('All migrations have run.')),
}

export default command
