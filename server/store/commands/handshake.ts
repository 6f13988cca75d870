import { hostname, cpus, totalmem, type as osType, release } from 'node:os'
import { Int32, Long, UUID, type Document } from 'bson'
import { MongoError } from '../errors.js'
import { MAX_MESSAGE_BYTES } from '../wire/message.js'
import { command, type Call, type Command } from './command.js'

/** The MongoDB version whose behaviour this store has. */
export const VERSION = '8.0.0'
/** The largest document that is stored or sent. */
export const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024
/** The most statements in one write command. */
export const MAX_BATCH = 100_000
const WIRE_VERSION = 25
const SESSION_MINUTES = 30

function hello({ request, now }: Call<Document>): Document {
  const application: unknown = request.body['client']?.application?.name
  if (typeof application === 'string') request.client.application = application
  return {
    helloOk: true,
    ...(request.name === 'hello' ? { isWritablePrimary: true } : { ismaster: true }),
    maxBsonObjectSize: MAX_DOCUMENT_BYTES,
    maxMessageSizeBytes: MAX_MESSAGE_BYTES,
    maxWriteBatchSize: MAX_BATCH,
    localTime: now,
    logicalSessionTimeoutMinutes: SESSION_MINUTES,
    connectionId: request.client.id,
    minWireVersion: 0,
    maxWireVersion: WIRE_VERSION,
    readOnly: false,
    ok: 1,
  }
}

const HELLO = {
  helloOk: 'boolean',
  client: 'object',
  compression: 'array',
  topologyVersion: 'object',
  maxAwaitTimeMS: 'number',
  speculativeAuthenticate: 'object',
  saslSupportedMechs: 'string',
  loadBalanced: 'boolean',
  backpressure: 'any',
  hostInfo: 'string',
  internalClient: 'object',
  hangUpOnStepDown: 'boolean',
} as const

function buildInfo(): Document {
  return {
    version: VERSION,
    versionArray: VERSION.split('.').map(Number).concat(0),
    gitVersion: 'palier',
    modules: [],
    allocator: 'lmdb',
    javascriptEngine: 'none',
    sysInfo: 'deprecated',
    openssl: { running: 'disabled' },
    bits: 64,
    debug: false,
    maxBsonObjectSize: MAX_DOCUMENT_BYTES,
    storageEngines: ['lmdb'],
    ok: 1,
  }
}

function hostInfo({ now }: Call<Document>): Document {
  const system = {
    currentTime: now,
    hostname: hostname(),
    cpuAddrSize: 64,
    numCores: cpus().length,
  }
  return {
    system: { ...system, memSizeMB: Math.round(totalmem() / 2 ** 20) },
    os: { type: osType(), name: osType(), version: release() },
    extra: {},
    ok: 1,
  }
}

const PARAMETERS: Readonly<Document> = {
  featureCompatibilityVersion: { version: '8.0' },
  authenticationMechanisms: [],
  requireApiVersion: false,
  maxBSONDepth: 200,
  logicalSessionRefreshMillis: 300_000,
}

function getParameter({ request, store }: Call<Document>): Document {
  const known: Document = { ...PARAMETERS, enableTestCommands: store.testCommands }
  const asked: unknown = request.body['getParameter']
  const names = asked === '*' ? Object.keys(known) : Object.keys(request.body).slice(1)
  const found = names.filter((name) => Object.hasOwn(known, name))
  if (found.length === 0) throw new MongoError(72, 'no option found to get')
  return { ...Object.fromEntries(found.map((name) => [name, known[name]])), ok: 1 }
}

function serverStatus({ store, now }: Call<Document>): Document {
  const { rss, heapUsed } = process.memoryUsage()
  return {
    host: hostname(),
    version: VERSION,
    process: 'palier-store',
    pid: Long.fromNumber(process.pid),
    uptime: process.uptime(),
    uptimeMillis: Long.fromNumber(Math.round(process.uptime() * 1000)),
    localTime: now,
    connections: { current: store.connections(), available: 10_000 },
    mem: { bits: 64, resident: Math.round(rss / 2 ** 20), heap: Math.round(heapUsed / 2 ** 20) },
    metrics: { cursor: { open: { total: store.cursors.size } } },
    storageEngine: { name: 'lmdb', persistent: true, supportsCommittedReads: true },
    ok: 1,
  }
}

const ok = (): Document => ({ ok: 1 })

const startSession = (): Document => {
  return { id: { id: new UUID() }, timeoutMinutes: new Int32(SESSION_MINUTES), ok: 1 }
}

const connectionStatus = (): Document => {
  return { authInfo: { authenticatedUsers: [], authenticatedUserRoles: [] }, ok: 1 }
}

const getLog = (): Document => ({ totalLinesWritten: 0, log: [], ok: 1 })

const getCmdLineOpts = (): Document => ({ argv: ['palier', 'store'], parsed: {}, ok: 1 })

const whatsmyuri = ({ request }: Call<Document>): Document => ({
  you: request.client.address,
  ok: 1,
})

/** Accepts the statistics of any subsystem being asked for or left out. */
function anyArguments(name: string, run: (call: Call<Document>) => Document): Command {
  return { name, writes: false, adminOnly: false, run }
}

/** What a client asks before and beside its work. */
export const handshakeCommands: readonly Command[] = [
  ...['hello', 'ismaster', 'isMaster'].map((name) => command(name, { shape: HELLO, run: hello })),
  ...['buildInfo', 'buildinfo'].map((name) => command(name, { shape: {}, run: buildInfo })),
  command('ping', { shape: {}, run: ok }),
  command('hostInfo', { shape: {}, adminOnly: true, run: hostInfo }),
  anyArguments('getParameter', getParameter),
  anyArguments('serverStatus', serverStatus),
  command('connectionStatus', { shape: { showPrivileges: 'boolean' }, run: connectionStatus }),
  command('whatsmyuri', { shape: {}, run: whatsmyuri }),
  command('getLog', { shape: {}, adminOnly: true, run: getLog }),
  command('getCmdLineOpts', { shape: {}, adminOnly: true, run: getCmdLineOpts }),
  command('startSession', { shape: {}, run: startSession }),
  command('endSessions', { shape: {}, run: ok }),
  command('refreshSessions', { shape: {}, run: ok }),
  command('killSessions', { shape: {}, run: ok }),
  command('killAllSessions', { shape: {}, run: ok }),
]
