import type { IncomingHttpHeaders, IncomingMessage, Server as HttpServer } from 'node:http'
import { Server, type Socket } from 'socket.io'
import type { Actor, Id, Name } from '../kernel/contract.js'
import { logger } from '../kernel/logger.js'
import { contributions } from '../kernel/plugins.js'
import type { Hints } from './hints.js'

/** Rooms of a feature, `<channel>:<topic>`: whoever may join one is told what happens there. */
export interface Channel {
  readonly id: Name
  mayJoin(actor: Actor, topic: string): Promise<boolean>
}

declare module '../kernel/contract.js' {
  interface Contributions {
    channels: Channel
  }
}

export interface RealtimeOptions {
  /** Who a socket's handshake belongs to, by its session. */
  identify(request: IncomingMessage): Promise<(Actor & { readonly person?: Id }) | undefined>
  /** Whether a handshake comes from Palier's own pages. */
  isOwnOrigin(origin: string | undefined, host: string | undefined): boolean
  /** What carries hints to the sockets of other processes, where there are any. */
  readonly redisUrl?: string | undefined
}

/** A socket knows its person as of its handshake; after this long it must come in again. */
const longest = 3_600_000

let sockets: Server | undefined
let hints: Hints | undefined

/** Attaches the sockets to the web server. A socket without a session is refused. */
export async function startRealtime(server: HttpServer, options: RealtimeOptions): Promise<void> {
  // Loaded where it is used: a machine of one process has no memory to spare for it.
  hints = options.redisUrl ? (await import('./hints.js')).connectHints(options.redisUrl) : undefined
  const io = new Server(server, {
    ...(hints && { adapter: hints.adapter }),
    serveClient: false,
    maxHttpBufferSize: 16_384,
    allowRequest: ({ headers }, answer) => {
      answer(null, isOwn(options, headers))
    },
  })
  io.use((socket, next) => {
    options.identify(socket.request).then(
      (actor) => {
        if (!actor?.person) return next(new Error('core:unauthenticated'))
        socket.data = { actor }
        next()
      },
      (error: unknown) => next(error as Error),
    )
  })
  io.on('connection', (socket) => welcome(socket))
  io.on('reconnect', reconnectHere)
  sockets = io
}

/** Closes every socket; done when the web server has closed as well. */
export async function stopRealtime(): Promise<void> {
  const closing = sockets?.close()
  hints?.close()
  sockets = hints = undefined
  await closing
}

/** How many pages listen to this process. */
export const countSockets = (): number => sockets?.engine.clientsCount ?? 0

/** Tells everybody in a room. Nothing is lost when nobody is there: what is sent is on the page as well. */
export function send(room: string, event: string, payload: unknown): void {
  sockets?.to(room).emit(event, payload)
}

/** Tells every page a person has open. */
export const sendToPerson = (person: Id, event: string, payload: unknown): void =>
  send(`person:${person}`, event, payload)

/** Ends the sockets of a person whose sessions have ended, but those of one session if given. They stay away. */
export function disconnectPerson(person: Id, but?: Id): void {
  const theirs = sockets?.in(`person:${person}`)
  void (but ? theirs?.except(`session:${but}`) : theirs)?.disconnectSockets(true)
}

/** Ends the sockets of one session. */
export function disconnectSession(session: Id): void {
  sockets?.in(`session:${session}`).disconnectSockets(true)
}

/** Makes the sockets of people whose rights changed come in again, and join only what is theirs now. */
export function reconnectPeople(people: readonly Id[]): void {
  reconnectHere(people)
  if (hints) sockets?.serverSideEmit('reconnect', people)
}

/** Those whose sockets this process holds. */
function reconnectHere(people: readonly Id[]): void {
  const rooms = sockets?.of('/').adapter.rooms
  for (const id of people.flatMap((person) => [...(rooms?.get(`person:${person}`) ?? [])])) {
    sockets?.of('/').sockets.get(id)?.conn.close()
  }
}

/** `Origin: null` and other things that are no address come from elsewhere. */
function isOwn({ isOwnOrigin }: RealtimeOptions, { origin, host }: IncomingHttpHeaders): boolean {
  if (origin !== undefined && !URL.canParse(origin)) return false
  return isOwnOrigin(origin, host)
}

function welcome(socket: Socket): void {
  const { actor } = socket.data as { actor: Actor & { person: Id; session?: Id } }
  void socket.join(`person:${actor.person}`)
  if (actor.session) void socket.join(`session:${actor.session}`)
  const renewal = setTimeout(() => socket.conn.close(), longest).unref()
  socket.once('disconnect', () => clearTimeout(renewal))
  socket.on('join', (room: unknown, answer: unknown) => {
    join(socket, actor, room)
      .then((joined) => typeof answer === 'function' && (answer as (ok: boolean) => void)(joined))
      .catch((error: unknown) => logger.warn({ err: error }, 'a room could not be joined'))
  })
  socket.on('leave', (room: unknown) => {
    if (typeof room === 'string') void socket.leave(room)
  })
}

async function join(socket: Socket, actor: Actor, room: unknown): Promise<boolean> {
  if (typeof room !== 'string' || room.length > 200 || socket.rooms.size > 50) return false
  const channel = contributions('channels').find(({ id }) => room.startsWith(`${id}:`))
  if (!channel) return false
  const allowed = await channel.mayJoin(actor, room.slice(channel.id.length + 1))
  if (allowed) await socket.join(room)
  return allowed
}
