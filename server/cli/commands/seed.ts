/* eslint-disable no-console -- what a command says is its result */
import { runSeeds } from '../../platform/seeds.js'
import type { Command } from '../command.js'
import { withApp } from '../with-app.js'

const command: Command = {
  usage: '',
  summary: 'Loads the demo institution. What is there already stays.',
  run: () =>
    withApp(async () => {
      await runSeeds()
      console.log('The demo institution is loaded.')
    }),
}

export default command
