import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'

/** A load balancer before several processes. */
export interface Balancer {
  readonly url: string
  /** How many requests each of them was sent, by its address. */
  readonly sent: ReadonlyMap<string, number>
  close(): void
}

interface Upstream {
  readonly url: URL
  isReady: boolean
}

const lookEvery = 250

/**
 * Sends requests in turn to those that say at `/ready` that they want some, asking a few times a second, over connections
 * that it keeps. It tries nothing a second time: what one of them does not answer is a 502.
 */
export async function startBalancer(port: number, addresses: readonly string[]): Promise<Balancer> {
  const upstreams = addresses.map((url) => ({ url: new URL(url), isReady: false }))
  const agent = new Agent({ keepAlive: true })
  const sent = new Map<string, number>()
  let turn = 0
  const next = (): Upstream | undefined => {
    const ready = upstreams.filter(({ isReady }) => isReady)
    const upstream = ready[(turn += 1) % ready.length]
    if (upstream) sent.set(upstream.url.origin, (sent.get(upstream.url.origin) ?? 0) + 1)
    return upstream
  }
  const server = createServer((req, res) => pass(req, res, { agent, upstream: next() }))
  server.on('upgrade', (req: IncomingMessage, socket: Socket) => tunnel(req, socket, next()))
  const looking = setInterval(() => void Promise.all(upstreams.map(look)), lookEvery)
  await Promise.all(upstreams.map(look))
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done))
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    sent,
    close: () => {
      clearInterval(looking)
      agent.destroy()
      server.close()
      server.closeAllConnections()
    },
  }
}

async function look(upstream: Upstream): Promise<void> {
  upstream.isReady = await fetch(new URL('/ready', upstream.url)).then(
    ({ ok }) => ok,
    () => false,
  )
}

interface Way {
  readonly agent: Agent
  readonly upstream: Upstream | undefined
}

function pass(req: IncomingMessage, res: ServerResponse, { agent, upstream }: Way): void {
  const fail = (): void => {
    if (res.headersSent) return void res.destroy()
    res.writeHead(502).end()
  }
  if (!upstream) return fail()
  const onward = request(
    upstream.url,
    { agent, method: req.method, path: req.url, headers: req.headers },
    (answer) => {
      const { connection: _hop, ...headers } = answer.headers
      res.writeHead(answer.statusCode ?? 502, headers)
      answer.on('error', fail).pipe(res)
    },
  )
  onward.on('error', fail)
  req.pipe(onward)
}

/** A WebSocket is passed on as it comes. */
function tunnel(req: IncomingMessage, socket: Socket, upstream: Upstream | undefined): void {
  if (!upstream) return void socket.destroy()
  const onward = connect(Number(upstream.url.port), '127.0.0.1', () => {
    const headers = req.rawHeaders.flatMap((name, at, all) =>
      at % 2 === 0 ? [`${name}: ${all[at + 1]}`] : [],
    )
    onward.write([`${req.method} ${req.url} HTTP/1.1`, ...headers, '', ''].join('\r\n'))
    onward.pipe(socket).pipe(onward)
  })
  onward.on('error', () => socket.destroy())
  socket.on('error', () => onward.destroy())
}
