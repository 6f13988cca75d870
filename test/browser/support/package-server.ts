import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { PackageFiles } from '../../../content/builder/pack.js'
import type { Target } from '../../../content/player/course.js'

type Cmi = Record<string, unknown>

export interface Served {
  /** The page that plays the package, or the package itself for a plain page. */
  readonly address: string
  /** What the package reported last. */
  stored(): Cmi
  /** Bytes sent since the last call, by path. */
  sent(): ReadonlyMap<string, number>
  close(): void
}

const types: Readonly<Record<string, string>> = {
  html: 'text/html',
  js: 'text/javascript',
  css: 'text/css',
}

/** A package in a plain page, with scorm-again's own API and a server that keeps what it is told. */
export async function serve(files: PackageFiles, target: Target): Promise<Served> {
  let kept: Cmi = {}
  let sent = new Map<string, number>()
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? '/').split('?')[0]?.slice(1) ?? ''
    if (path === 'commit') {
      kept = JSON.parse(await text(request)) as Cmi
      response.setHeader('content-type', 'application/json')
      return void response.end(JSON.stringify({ result: true, errorCode: 0 }))
    }
    const body = bodyOf(path, { files, target, kept })
    if (path) sent.set(path, body?.length ?? 0)
    if (!body) return void response.writeHead(404).end()
    response.setHeader('content-type', types[path.split('.').at(-1) ?? ''] ?? 'text/html')
    response.end(body)
  }
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  return {
    address: `http://127.0.0.1:${port}/${target === 'web' ? 'package/index.html' : ''}`,
    stored: () => kept,
    sent() {
      const before = sent
      sent = new Map()
      return before
    },
    close: () => void (server.closeAllConnections(), server.close()),
  }
}

interface Serving {
  readonly files: PackageFiles
  readonly target: Target
  readonly kept: Cmi
}

function bodyOf(path: string, { files, target, kept }: Serving): Buffer | undefined {
  if (path === '') return Buffer.from(page(target, kept))
  if (path === 'api.js') return readFileSync(`node_modules/scorm-again/dist/${target}.min.js`)
  return files.get(path.replace(/^package\//, ''))
}

function page(target: Target, kept: Cmi): string {
  const [kind, name] =
    target === 'scorm12' ? ['Scorm12API', 'API'] : ['Scorm2004API', 'API_1484_11']
  return `<!doctype html><html lang="en"><title>A player</title>
<script src="api.js"></script>
<script>
  window.${name} = new ${kind}({ lmsCommitUrl: '/commit', autocommit: false, logLevel: 4 })
  window.${name}.loadFromJSON(${JSON.stringify(seedOf(kept, target))})
</script>
<iframe name="course" title="Course" src="package/index.html" width="1100" height="800"></iframe>`
}

/** What an LMS gives back at the next launch of a suspended attempt. */
function seedOf(kept: Cmi, target: Target): Cmi {
  const cmi = structuredClone((kept.cmi ?? {}) as Record<string, Cmi>)
  const entry = kept.cmi ? 'resume' : 'ab-initio'
  if (target !== 'scorm12') {
    const { exit: _exit, session_time: _time, ...rest } = cmi
    return { ...rest, entry, learner_id: 'ama', learner_name: 'Ama' }
  }
  const { exit: _exit, session_time: _time, ...core } = cmi.core ?? {}
  return { ...cmi, core: { ...core, entry, student_id: 'ama', student_name: 'Ama' } }
}
