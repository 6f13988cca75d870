import { setTimeout as wait } from 'node:timers/promises'

/** Milliseconds between two looks, and after which work in the background goes on beside requests all the same. */
const [lookEvery, longest] = [5, 100]

let underWay = 0

/** Counts a request as under way, until the function it answers is called. */
export function requestBegan(): () => void {
  underWay += 1
  return () => {
    underWay -= 1
  }
}

/** Work in the background lets the requests under way in this process be answered first, for a tenth of a second at most. */
export async function giveWay(): Promise<void> {
  for (let waited = 0; underWay > 0 && waited < longest; waited += lookEvery) await wait(lookEvery)
}
