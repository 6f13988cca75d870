/* eslint-disable no-console -- what a command says is its result */
import { buildModule } from '../../../content/builder/build.js'
import { report } from '../content-report.js'
import type { Command } from '../command.js'

const command: Command = {
  usage: '<folder> [--out <folder>]',
  summary: 'Packs a course as SCORM 1.2, SCORM 2004 4th edition and a plain web page.',
  help: 'Each language of the course makes three packages. They go to built/ unless --out says otherwise.',
  options: { out: { type: 'string', default: 'built' } },
  async run({ values, words: [folder] }) {
    if (!folder) throw new Error('name a course folder')
    const { problems, written } = await buildModule(folder, String(values.out))
    if (report(folder, problems) > 0) throw new Error('nothing was built')
    for (const { path, bytes } of written) console.log(`${path} (${Math.ceil(bytes / 1024)} KB)`)
  },
}

export default command
