/* eslint-disable no-console -- what a command says is its result */
import { runSeeds, seedCrowd } from '../../platform/seeds.js'
import type { Command } from '../command.js'
import { withApp } from '../with-app.js'

const command: Command = {
  usage: '[--people <count>]',
  summary: 'Loads the demo institution. What is there already stays.',
  help: '--people adds as many invented people in 35 delegations, to see how Palier does at that size.',
  options: { people: { type: 'string' } },
  run: ({ values: { people } }) =>
    withApp(async () => {
      const count = people === undefined ? 0 : Number(people)
      if (!Number.isInteger(count) || count < 0 || count > 1_000_000) {
        throw new Error('--people wants a whole number, 1000000 at most.')
      }
      await runSeeds()
      console.log('The demo institution is loaded.')
      await seedCrowd(count, (done) => {
        if (done % 10_000 === 0 || done === count) console.log(`${done} invented people are there.`)
      })
    }),
}

export default command
