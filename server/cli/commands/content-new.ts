/* eslint-disable no-console -- what a command says is its result */
import { startModule } from '../../../content/builder/start.js'
import type { Command } from '../command.js'

const command: Command = {
  usage: '<folder> [--languages en,fr,es]',
  summary: 'Starts a course that builds as it is, with one of each thing a course can hold.',
  help: 'The words of the start are English in every language: they are there to be replaced.',
  options: { languages: { type: 'string', default: 'en' } },
  async run({ values, words: [folder] }) {
    if (!folder)
      throw new Error('name a folder for the course, such as `palier content:new my-course`')
    startModule(folder, String(values.languages).split(','))
    console.log(`Written to ${folder}. Build it: palier content:build ${folder}`)
  },
}

export default command
