/* eslint-disable no-console -- what a command says is its result */
import { fieldsOf, type Command } from './command.js'

const commands: Readonly<Record<string, () => Promise<{ default: Command }>>> = {
  start: () => import('./commands/start.js'),
  seed: () => import('./commands/seed.js'),
  migrate: () => import('./commands/migrate.js'),
  token: () => import('./commands/token.js'),
  'content:new': () => import('./commands/content-new.js'),
  'content:lint': () => import('./commands/content-lint.js'),
  'content:build': () => import('./commands/content-build.js'),
  doctor: () => import('./commands/doctor.js'),
  store: () => import('./commands/store.js'),
  backup: () => import('./commands/backup.js'),
  restore: () => import('./commands/restore.js'),
  'plugin:new': () => import('./commands/plugin-new.js'),
}

/** Runs one command of `palier`. Ends the process with 1 when it fails, 2 when it was called wrongly. */
export async function main([name = '--help', ...given]: readonly string[]): Promise<void> {
  const load = commands[name]
  if (!load) return await overview(name)
  const { default: command } = await load()
  if (given.includes('--help')) {
    console.log(`palier ${name} ${command.usage}\n\n${command.summary}\n${command.help ?? ''}`)
    return
  }
  try {
    await command.run(fieldsOf(given, command))
  } catch (error) {
    console.error(`palier ${name}: ${error instanceof Error ? error.message : String(error)}`)
    process.exit(1)
  }
}

async function overview(name: string): Promise<void> {
  console.log('palier <command>   (--help on each)\n')
  for (const [id, load] of Object.entries(commands)) {
    const { default: command } = await load()
    console.log(`  ${id.padEnd(14)} ${command.summary}`)
  }
  if (name !== '--help' && name !== 'help') process.exit(2)
}
