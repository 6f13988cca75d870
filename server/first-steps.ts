import type { Config } from './config.js'
import { countPeople } from './domain/people/people.js'
import { makeLink } from './domain/people/links.js'
import { runSeeds } from './platform/seeds.js'

export interface FirstSteps {
  /** Addresses of the demo accounts, where the demo institution is loaded. */
  readonly demo?: readonly string[]
  /** Where the first administrator is made, where there is nobody yet. */
  readonly link?: string
}

const demoAccounts = ['admin', 'trainer', 'coordinator', 'manager', 'learner'].map(
  (name) => `${name}@demo.palier`,
)

/** Loads the demo institution into an empty store, or makes the link for the first administrator. */
export async function firstSteps(config: Config, say: (line: string) => void): Promise<FirstSteps> {
  const empty = (await countPeople({})) === 0
  if (!config.demo) return empty ? { link: await makeLink('first-administrator') } : {}
  if (empty) {
    say('Palier: loading the demo institution…')
    await runSeeds()
  }
  return { demo: demoAccounts }
}
