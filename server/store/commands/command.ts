import type { Document } from 'bson'
import { MongoError } from '../errors.js'
import type { Store } from '../store.js'
import { checkArguments, type Arguments, type Shape } from './schema.js'

/** What is known of the connection that a request came by. */
export interface Client {
  readonly id: number
  readonly address: string
  /** The name the application gave itself in its first message. */
  application: string | undefined
}

/** One command as it arrived, decoded without loss. */
export interface Request {
  readonly name: string
  readonly database: string
  readonly body: Document
  readonly raw: Buffer
  readonly sequences: ReadonlyMap<string, readonly Buffer[]>
  readonly client: Client
}

/** A reply as a document, or already encoded. */
export type Reply = Document | Buffer

/** Work that lets other requests in wherever it yields. */
export type Steps<T> = Generator<undefined, T>

/** What a command's function is given. */
export interface Call<A> {
  readonly store: Store
  readonly request: Request
  readonly args: A
  readonly now: Date
  /** Values of `let`, each evaluated once. */
  readonly variables: Document
  /** When the command must give up, in the clock of `performance.now()`. */
  readonly deadline: number
}

/** A command as the table keeps it, the type of its arguments closed over. */
export interface Command {
  readonly name: string
  /** Writes run in the shared transaction; a function tells where it depends on the arguments. */
  readonly writes: boolean | ((request: Request) => boolean)
  readonly adminOnly: boolean
  run(call: Call<Document>): Reply | Steps<Reply>
}

interface Options<S extends Shape> {
  readonly shape: S
  readonly writes?: boolean | ((request: Request) => boolean)
  readonly adminOnly?: boolean
  readonly run: (call: Call<Arguments<S>>) => Reply | Steps<Reply>
}

/** Makes a command whose arguments are checked before its function sees them. */
export function command<S extends Shape>(name: string, options: Options<S>): Command {
  const { shape, writes = false, adminOnly = false, run } = options
  const whole = { [name]: 'any', ...shape } as const
  return {
    name,
    writes,
    adminOnly,
    run: (call) => run({ ...call, args: checkArguments(name, call.args, whole) }),
  }
}

/** The collection a command is about: its first argument. */
export function targetNamespace({ name, database, body }: Request): string {
  const collection: unknown = body[name]
  if (typeof collection !== 'string') throw new MongoError(73, `collection name has invalid type`)
  return namespace(database, collection)
}

/** `database.collection`, refused where MongoDB refuses it. */
export function namespace(database: string, collection: string): string {
  const isBad = collection === '' || collection.startsWith('.') || collection.includes('\0')
  if (isBad) throw new MongoError(73, `Invalid namespace specified '${database}.${collection}'`)
  return `${database}.${collection}`
}
