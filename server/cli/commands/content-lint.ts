import { checkModule } from '../../../content/builder/lint.js'
import { report } from '../content-report.js'
import type { Command } from '../command.js'

const command: Command = {
  usage: '<folder>…',
  summary: 'Names the file and line of whatever is missing or broken in the sources of a course.',
  help: 'One line per finding: file:line: error|warning rule: what to do. Errors stop a build.',
  async run({ words }) {
    if (words.length === 0) throw new Error('name a course folder')
    const errors = words.map((folder) => report(folder, checkModule(folder).problems))
    if (errors.some((count) => count > 0)) process.exitCode = 1
  },
}

export default command
