import { readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import { removeData, startPalier } from '../support/palier.js'
import { getPage, postForm, signIn } from '../support/session.js'
import type { Bench } from './index.js'

const people = 20_000
const longest = 300_000

/** Twenty thousand people from a file: dry run, apply, the same file again, undo; and what other pages take meanwhile. */
export const imports: Bench = async (tell) => {
  const palier = await startPalier()
  try {
    const cookie = await signIn(palier.url, 'admin@demo.palier')
    const visits = visitor(palier.url, cookie)
    const before = memoryOf(palier.pid)
    const idle = await visits.during(wait(10_000))
    tell({ name: 'a page at rest, p95', value: idle, unit: 'ms' })
    const upload = async (): Promise<string> => {
      const began = performance.now()
      const id = await sent(palier.url, cookie)
      tell({ name: 'upload answered', value: performance.now() - began, unit: 'ms', aim: '≤ 1000' })
      return id
    }
    const until = (id: string, status: string) => reached(palier.url, cookie, { id, status })
    const act = (id: string, what: string) =>
      postForm(palier.url, `/imports/${id}/${what}`, {}, cookie)
    const timed = async (name: string, work: () => Promise<void>, aim?: string): Promise<void> => {
      const began = performance.now()
      const slow = await visits.during(work())
      const value = (performance.now() - began) / 1000
      tell({ name, value, unit: 's', ...(aim && { aim }) })
      tell({
        name: `a page meanwhile, p95`,
        value: slow,
        unit: 'ms',
        ratio: slow / idle,
        aim: '≤ 1.5',
      })
    }
    const id = await upload()
    await timed('dry run', () => until(id, 'ready'))
    await act(id, 'apply')
    await timed('apply', () => until(id, 'applied'), '≤ 60')
    tell({ name: 'memory grown', value: memoryOf(palier.pid) - before, unit: 'MB', aim: '≤ 150' })
    const again = await upload()
    await timed('dry run of the same file', () => until(again, 'ready'))
    await act(id, 'undo')
    await timed('undo', () => until(id, 'undone'))
  } finally {
    await palier.stop()
    removeData()
  }
}

/** Opens a page again and again while something goes on, and answers the 95th percentile in milliseconds. */
function visitor(url: string, cookie: string) {
  return {
    async during(work: Promise<unknown>): Promise<number> {
      const times: number[] = []
      let over = false
      const ended = work.finally(() => (over = true))
      while (!over) {
        const began = performance.now()
        await (await getPage(url, '/courses', cookie)).text()
        times.push(performance.now() - began)
        await wait(50)
      }
      await ended
      return times.sort((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? 0
    },
  }
}

async function sent(url: string, cookie: string): Promise<string> {
  const form = new FormData()
  form.append('file', new Blob([file()], { type: 'text/csv' }), 'people.csv')
  const { headers } = await fetch(new URL('/imports', url), {
    method: 'POST',
    body: form,
    headers: { cookie, origin: url },
    redirect: 'manual',
  })
  return headers.get('location')?.split('/').at(-1) ?? ''
}

function file(): string {
  const lines = Array.from({ length: people }, (_, at) => {
    const number = `A${String(at + 1).padStart(5, '0')}`
    return `${number},Nom${at},Prénom${at},agent${at}@exemple.fr,DRH,apprenant`
  })
  return ['matricule,nom,prenom,courriel,service,role', ...lines].join('\n')
}

async function reached(
  url: string,
  cookie: string,
  { id, status }: { id: string; status: string },
): Promise<void> {
  for (let waited = 0; waited < longest; waited += 250) {
    const answer = await fetch(new URL(`/imports/${id}`, url), {
      headers: { cookie, accept: 'application/json' },
    })
    if (((await answer.json()) as { status: string }).status === status) return
    await wait(250)
  }
  throw new Error(`the import is not ${status}`)
}

/** Resident memory of a process, in megabytes. */
const memoryOf = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
