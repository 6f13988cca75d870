import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AddressInfo } from 'node:net'
import { createServer, type Server } from 'node:http'
import type { App } from '../../server/app.js'
import { createApp } from '../../server/app.js'
import { loadConfig, type Config } from '../../server/config.js'
import { personActor } from '../../server/domain/people/actors.js'
import { createToken } from '../../server/domain/people/tokens.js'
import type { Actor, Id } from '../../server/kernel/contract.js'
import { definedModels } from '../../server/platform/database.js'
import { startRealtime, stopRealtime } from '../../server/platform/realtime.js'
import { runSeeds } from '../../server/platform/seeds.js'

export interface TestApp {
  readonly app: App
  /** `http://localhost:<port>`, as a browser knows it. */
  readonly url: string
  readonly dataDir: string
  /** A program that acts as a person, by a Bearer token. */
  as(email: string): Promise<Program>
  /** A visitor without any sign-in. */
  readonly anonymous: Program
}

/** What a program can ask; answers are kept whole. */
export interface Program {
  get(path: string, headers?: Record<string, string>): Promise<Answer>
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  patch(path: string, body?: unknown): Promise<Answer>
  send(
    method: string,
    path: string,
    body?: BodyInit,
    headers?: Record<string, string>,
  ): Promise<Answer>
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The JSON of the answer; throws where it is none. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read answers as they come
  readonly json: any
}

interface Started extends TestApp {
  readonly server: Server
  readonly key: string
}

let running: Started | undefined

/**
 * The suite's Palier, on a real database of its own. Started once and shared by files that want the same settings;
 * another choice of settings closes it and starts anew.
 */
export async function startTestApp(overrides: Partial<Config> = {}): Promise<TestApp> {
  const key = JSON.stringify(overrides)
  if (running?.key === key) return running
  await stopTestApp()
  const dataDir = overrides.dataDir ?? mkdtempSync(join(tmpdir(), 'palier-test-'))
  const server = createServer()
  const port = await listening(server)
  const url = `http://localhost:${port}`
  const contentUrl = `http://*.content.localhost:${port}`
  const settings = {
    port,
    publicUrl: url,
    contentUrl,
    dataDir,
    logLevel: process.env.LOG_LEVEL ?? 'silent',
  }
  const app = await createApp({ ...loadConfig({ ...settings, ...overrides }), demo: false })
  server.on('request', app.handler)
  startRealtime(server, app)
  running = {
    app,
    url,
    dataDir,
    server,
    key,
    anonymous: programOf(url),
    as: (email) => signedIn(url, email),
  }
  return running
}

/** The demo institution on the suite's Palier. Loaded once, unless the database was emptied. */
export async function withDemo(overrides: Partial<Config> = {}): Promise<TestApp> {
  const started = await startTestApp(overrides)
  await runSeeds()
  return started
}

/** Closes the suite's Palier and removes its data, unless it is to be started again on them. */
export async function stopTestApp({ keepData = false } = {}): Promise<void> {
  if (!running) return
  const { app, server, dataDir } = running
  running = undefined
  tokens.clear()
  await stopRealtime()
  server.closeAllConnections()
  await new Promise<void>((done) => server.close(() => done()))
  await app.close()
  if (!keepData) rmSync(dataDir, { recursive: true, force: true })
}

/** Where the suite's Palier keeps its data while it runs. */
export const testData = (): string | undefined => running?.dataDir

/** Removes every document of every model: the next test starts from nothing. */
export async function emptyDatabase(): Promise<void> {
  tokens.clear()
  await Promise.all([...definedModels().values()].map((model) => model.deleteMany({})))
}

/** A person as an actor, for calls of domain functions. */
export const actorOf = (person: Id): Promise<Actor> => personActor(person)

const tokens = new Map<string, string>()

async function signedIn(url: string, email: string): Promise<Program> {
  const token = tokens.get(email) ?? (await createToken(email))
  tokens.set(email, token)
  return programOf(url, { authorization: `Bearer ${token}` })
}

function programOf(url: string, own: Record<string, string> = {}): Program {
  const send: Program['send'] = async (method, path, body, headers = {}) => {
    const init = { method, headers: { ...own, ...headers }, redirect: 'manual' as const }
    const response = await fetch(new URL(path, url), {
      ...init,
      ...(body !== undefined && { body }),
    })
    const text = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      text,
      get json() {
        return JSON.parse(text) as unknown
      },
    }
  }
  const withJson =
    (method: string) =>
    (path: string, body: unknown = {}, headers = {}) =>
      send(method, path, JSON.stringify(body), {
        'content-type': 'application/json',
        accept: 'application/json',
        ...headers,
      })
  return {
    send,
    get: (path, headers = {}) =>
      send('GET', path, undefined, { accept: 'application/json', ...headers }),
    post: withJson('POST'),
    patch: withJson('PATCH'),
  }
}

const listening = (server: Server): Promise<number> =>
  new Promise((done) => {
    server.listen(0, '127.0.0.1', () => done((server.address() as AddressInfo).port))
  })
