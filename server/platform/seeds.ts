import type { Name } from '../kernel/contract.js'
import { contributions } from '../kernel/plugins.js'

/** A feature's part of the demo institution. Runs after the seeds of the features before it; running again adds nothing. */
export interface Seed {
  readonly id: Name
  run(): Promise<void>
}

declare module '../kernel/contract.js' {
  interface Contributions {
    seeds: Seed
  }
}

/** Loads the demo institution, feature by feature in load order. */
export async function runSeeds(): Promise<void> {
  for (const seed of contributions('seeds')) await seed.run()
}
