/* eslint-disable no-console -- what a command says is its result */
import { loadConfig } from '../../config.js'
import { restoreBackup } from '../backup/restore.js'
import type { Command } from '../command.js'
import { contentsLine, requireEmbedded } from '../embedded.js'

const command: Command = {
  usage: '<file>',
  summary: 'Puts a backup back where Palier is stopped, and proves that it is the same.',
  help: 'What was there before is kept in the data directory; nothing is replaced by a damaged file.',
  async run({ words: [file, ...more] }) {
    if (file === undefined || more.length > 0) throw new Error('name one backup file')
    const { dataDir } = requireEmbedded(loadConfig())
    const { manifest, before } = await restoreBackup(file, dataDir)
    const files = manifest.files.length - 1
    console.log(
      `${contentsLine(manifest.store)} and ${files} files are as they were on ${manifest.made}.`,
    )
    console.log('Compared by their digests: equal.')
    if (before !== undefined) console.log(`The files that were there before are in ${before}.`)
  },
}

export default command
