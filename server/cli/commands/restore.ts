/* eslint-disable no-console -- what a command says is its result */
import { loadConfig } from '../../config.js'
import { restoreBackup, resumeRestore } from '../backup/restore.js'
import type { Command } from '../command.js'
import { contentsLine, elsewhere, requireEmbedded } from '../embedded.js'

const command: Command = {
  usage: '<file> | --resume',
  summary: 'Puts a backup back where Palier is stopped, and proves that it is the same.',
  help: [
    'What was there before is kept in the data directory; nothing is replaced by a damaged file.',
    '  --resume   finishes a restore that was interrupted; until then nothing starts there',
  ].join('\n'),
  options: { resume: { type: 'boolean' } },
  async run({ words: [file, ...more], values }) {
    const { dataDir, s3Url } = requireEmbedded(loadConfig())
    if (values['resume'] === true) return sayBefore((await resumeRestore(dataDir)).before)
    if (file === undefined || more.length > 0) throw new Error('name one backup file')
    const { manifest, before } = await restoreBackup(file, dataDir)
    const files = manifest.files.length - 1
    console.log(
      `${contentsLine(manifest.store)} and ${files} files are as they were on ${manifest.made}.`,
    )
    console.log('Compared by their digests: equal.')
    if (s3Url) console.log(elsewhere)
    sayBefore(before)
  },
}

function sayBefore(before: string): void {
  console.log(`What was there before is in ${before}.`)
}

export default command
