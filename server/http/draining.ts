import type { Server, ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'

/** How long a request under way may take once nobody is let in any more, milliseconds. */
const longest = 20_000

/** Milliseconds without a request after which none is on its way. */
const settled = 100

const underWay = new Set<ServerResponse>()
let draining = false

/** Whether this process has been told to end: it answers whoever still comes, and wants nobody sent to it. */
export const isDraining = (): boolean => draining

/** Follows the answers of a server, those of its sockets as well; called once all its listeners are there. */
export function followAnswers(server: Server): void {
  draining = false
  server.prependListener('request', (_req, res) => {
    underWay.add(res)
    res.once('close', () => underWay.delete(res))
    if (draining) closeAfter(res)
  })
}

/**
 * Readiness says no, and each answer closes its connection, while everybody is still answered: a load balancer has that
 * long to notice, and keeps no connection on which it could send one more request when the end comes.
 */
export async function drain(seconds: number): Promise<void> {
  draining = true
  for (const res of underWay) closeAfter(res)
  await wait(seconds * 1000)
}

/** Waits for the requests under way, those that are being sent as well; the slowest are given up after a while. */
export async function allAnswered(): Promise<void> {
  let quiet = 0
  for (let waited = 0; waited < longest && quiet < settled; waited += settled / 4) {
    await wait(settled / 4)
    quiet = underWay.size > 0 ? 0 : quiet + settled / 4
  }
}

function closeAfter(res: ServerResponse): void {
  if (!res.headersSent) res.setHeader('Connection', 'close')
}
