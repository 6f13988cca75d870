import { request } from 'node:http'

export interface RawAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

interface RawRequest {
  readonly method?: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

/** A request as it stands, with whatever `Host`, path and body: no client mends it on the way. */
export function raw(
  url: string,
  { method = 'GET', path = '/', headers = {}, body }: RawRequest,
): Promise<RawAnswer> {
  const { port, host } = new URL(url)
  const to = { host: '127.0.0.1', port, method, path }
  return new Promise((done, fail) => {
    const sent = request({ ...to, headers: { host, ...headers } }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('error', fail)
      answer.on('end', () =>
        done({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          text: Buffer.concat(chunks).toString(),
        }),
      )
    })
    sent.on('error', fail)
    sent.end(body)
  })
}
