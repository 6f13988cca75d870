/* eslint-disable no-console -- what a command says is its result */
import { loadConfig } from '../../config.js'
import { writeBackup } from '../backup/write.js'
import type { Command } from '../command.js'
import { contentsLine, elsewhere, requireEmbedded } from '../embedded.js'

const command: Command = {
  usage: '<file>',
  summary: 'Writes the store, files and packages into one file, while Palier may be running.',
  help: 'The secret of the sessions is in it as well: keep the file as you keep the data.',
  async run({ words: [file, ...more] }) {
    if (file === undefined || more.length > 0) throw new Error('name one file to write')
    const { dataDir, s3Url } = requireEmbedded(loadConfig())
    const { store, files } = await writeBackup(dataDir, file)
    console.log(`${contentsLine(store)} and ${files.length - 1} files are in ${file}.`)
    if (s3Url) console.log(elsewhere)
  },
}

export default command
