/* eslint-disable no-console -- what a command says is its result */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Command } from '../command.js'
import { pluginFiles } from '../plugin-template.js'

const command: Command = {
  usage: '<id> [--in <folder>]',
  summary: 'Writes the start of a plugin: a page, a panel, a permission, a job, texts and a test.',
  help: 'The folder defaults to plugins/. One outside is loaded by naming it in PLUGINS.',
  options: { in: { type: 'string', default: 'plugins' } },
  async run({ values, words: [id = ''] }) {
    if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id)) {
      throw new Error('name the plugin in kebab-case, such as `palier plugin:new training-needs`')
    }
    const folder = resolve(String(values.in), id)
    if (existsSync(folder)) throw new Error(`${folder} exists already; nothing was written`)
    for (const [path, text] of Object.entries(pluginFiles(id))) {
      mkdirSync(join(folder, path, '..'), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    console.log(
      `Written to ${folder}. Start Palier with PLUGINS=${folder} when it lies outside plugins/.`,
    )
  },
}

export default command
