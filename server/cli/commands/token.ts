/* eslint-disable no-console -- what a command says is its result */
import { createToken } from '../../domain/people/tokens.js'
import type { Command } from '../command.js'
import { withApp } from '../with-app.js'

const command: Command = {
  usage: '<email> [--expires 30d]',
  summary: 'Prints a Bearer token that acts as a person.',
  help: 'It is shown once. Its owner sees it, and can revoke it, under Profile → Tokens.',
  options: { expires: { type: 'string', default: '30d' } },
  async run({ values, words: [email] }) {
    if (!email) throw new Error('name the person by their address')
    console.log(await withApp(() => createToken(email, String(values.expires))))
  },
}

export default command
