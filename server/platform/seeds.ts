import type { Id, Name } from '../kernel/contract.js'
import { contributions } from '../kernel/plugins.js'

/** A feature's part of the demo institution. Runs after the seeds of the features before it; running again adds nothing. */
export interface Seed {
  readonly id: Name
  run(): Promise<void>
  /** Its part of the lives of invented people, a batch at a time. Again, it adds nothing. */
  crowd?(people: readonly Invented[]): Promise<void>
}

/** One of a crowd that shows how an institution of that size feels. */
export interface Invented {
  /** From 0. */
  readonly number: number
  readonly id: Id
}

declare module '../kernel/contract.js' {
  interface Contributions {
    seeds: Seed
  }
}

const batch = 500

/** Loads the demo institution, feature by feature in load order. */
export async function runSeeds(): Promise<void> {
  for (const seed of contributions('seeds')) await seed.run()
}

/** Adds invented people to the demo institution, with what each feature knows of them. Tells after each batch how many there are. */
export async function seedCrowd(count: number, tell: (done: number) => void): Promise<void> {
  for (let from = 0; from < count; from += batch) {
    const people = Array.from({ length: Math.min(batch, count - from) }, (_, at) => ({
      number: from + at,
      id: `crowd-${String(from + at).padStart(6, '0')}`,
    }))
    for (const seed of contributions('seeds')) await seed.crowd?.(people)
    tell(from + people.length)
  }
}
