/* eslint-disable no-console -- what a command says is its result */
import { loadConfig, settingSources, variables, type Config } from '../../config.js'
import { loadFeatures, type LoadedFeature } from '../../load.js'
import { logger } from '../../kernel/logger.js'
import { bad, good, reasonOf, type Finding } from '../doctor/check.js'
import { dataFolder, descriptors, nodeVersion, port, secretStrength } from '../doctor/machine.js'
import { contentHost, publicAddress, publicName } from '../doctor/addresses.js'
import { bucket, database, mail, redis } from '../doctor/services.js'
import { misconfigured, misspelled } from '../doctor/settings.js'
import type { Command } from '../command.js'

const command: Command = {
  usage: '',
  summary: 'Prints every setting with where it came from, and checks what Palier needs.',
  help: 'Ends with 1 where something must be mended. It can be asked while Palier runs.',
  async run() {
    logger.level = 'silent'
    const findings = await examine()
    printSettings()
    for (const finding of findings) print(finding)
    const wrong = findings.filter(({ verdict }) => verdict === 'bad').length
    if (wrong > 0) throw new Error(`${wrong} of ${findings.length} checks need mending`)
    console.log('\nPalier can run.')
  },
}

export default command

async function examine(): Promise<Finding[]> {
  const node = nodeVersion()
  const config = attempt(() => loadConfig())
  if (config instanceof Error) return [node, ...misconfigured(config), ...misspelled(variables())]
  const features = await loadFeatures(config).catch((error: Error) => error)
  const loaded = features instanceof Error ? [] : features
  const found = await needs(config, loaded)
  return [node, ...misspelled(variables()), ...found, pluginFinding(features)]
}

const needs = async (config: Config, features: readonly LoadedFeature[]): Promise<Finding[]> => [
  dataFolder(config),
  secretStrength(config),
  descriptors(),
  publicAddress(config),
  ...(await publicName(config)),
  await port(config),
  await contentHost(config),
  await mail(config),
  ...(await redis(config)),
  ...(await bucket(config)),
  ...(await database(config, features)),
]

function pluginFinding(features: readonly LoadedFeature[] | Error): Finding {
  if (features instanceof Error)
    return bad('plugins', reasonOf(features), 'Mend them, or leave them out by PLUGINS_DISABLED.')
  const plugins = features.filter(({ core }) => !core).map(({ id }) => id)
  return good('plugins', plugins.join(', ') || 'none')
}

function attempt<T>(act: () => T): T | Error {
  try {
    return act()
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

function printSettings(): void {
  const longest = Math.max(0, ...settingSources().map(({ name }) => name.length))
  for (const { name, value, from } of settingSources())
    console.log(`  ${name.padEnd(longest)}  ${value || '–'}  (${from})`)
  console.log('')
}

const indent = `\n${' '.repeat(15)}`
const marks = { good: '✔', note: '!', bad: '✘' } as const

function print({ about, verdict, found, todo }: Finding): void {
  console.log(`  ${marks[verdict]} ${about.padEnd(10)} ${found.replaceAll('\n', indent)}`)
  if (todo) console.log(`    ${' '.repeat(10)} → ${todo}`)
}
