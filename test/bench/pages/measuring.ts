import { readFileSync } from 'node:fs'
import { Agent, request, type OutgoingHttpHeaders } from 'node:http'
import { performance } from 'node:perf_hooks'
import { percentile } from '../store/measure.js'

/** Asks one thing of a server, and answers how many bytes came back. Throws where the answer is not what it should be. */
export type Visit = () => Promise<number>

/** What so many visits at a time take: milliseconds of the processes' CPU a visit, and of whoever waits for it. */
export interface Load {
  readonly cpu: number
  readonly p50: number
  readonly p95: number
  readonly perSecond: number
}

/** Clock ticks of a second in `/proc`: Linux says 100 everywhere. */
const ticks = 100
let agent = new Agent({ keepAlive: true })

/** Lets each lane visit again and again for so many milliseconds. */
export async function load(
  lanes: readonly Visit[],
  pids: readonly number[],
  lengthMs: number,
): Promise<Load> {
  const times: number[] = []
  // A server ends connections over which nothing was asked for a while.
  agent.destroy()
  agent = new Agent({ keepAlive: true })
  const [cpuBefore, start] = [cpuOf(pids), performance.now()]
  const work = async (visit: Visit): Promise<void> => {
    while (performance.now() < start + lengthMs) {
      const began = performance.now()
      await visit()
      times.push(performance.now() - began)
    }
  }
  await Promise.all(lanes.map(work))
  const took = performance.now() - start
  return {
    cpu: (cpuOf(pids) - cpuBefore) / times.length,
    p50: percentile(times, 0.5),
    p95: percentile(times, 0.95),
    perSecond: (times.length / took) * 1000,
  }
}

/** Milliseconds of CPU that processes have used, all their threads together. */
function cpuOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return sum + ((Number(fields[11]) + Number(fields[12])) * 1000) / ticks
  }, 0)
}

export interface Asked {
  readonly method?: string
  readonly headers?: OutgoingHttpHeaders
  readonly body?: string
}

export interface Answer {
  readonly status: number
  readonly text: string
  /** Bytes of the body as they were sent. */
  readonly bytes: number
}

/** Asks over connections that stay open, as a proxy does. */
export function ask(
  url: string,
  { method = 'GET', headers = {}, body = '' }: Asked = {},
): Promise<Answer> {
  const { hostname, port, pathname, search } = new URL(url)
  return new Promise((done, fail) => {
    const sent = request(
      {
        agent,
        method,
        headers: { host: `${hostname}:${port}`, ...headers },
        path: pathname + search,
        host: '127.0.0.1',
        port,
      },
      (response) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('end', () => {
          const body = Buffer.concat(parts)
          const { statusCode: status = 0 } = response
          done({ status, text: body.toString('utf8'), bytes: body.length })
        })
      },
    )
    sent.on('error', fail)
    sent.end(body)
  })
}

/** Milliseconds of a loop that is the same everywhere: what this machine's figures can be compared by. */
export function calibration(): number {
  const times = Array.from({ length: 5 }, () => {
    const began = performance.now()
    let sum = 0
    for (let at = 0; at < 20_000_000; at += 1) sum = (sum * 31 + at) | 0
    if (sum === 1) throw new Error('the loop was left out')
    return performance.now() - began
  })
  return Math.min(...times)
}
