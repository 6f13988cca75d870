import { performance } from 'node:perf_hooks'
import { BSON, type Document } from 'bson'
import { evaluateVariables } from './aggregation/expressions.js'
import type { Client, Command, Reply, Request, Steps } from './commands/command.js'
import { isPlainObject, numeric } from './commands/schema.js'
import { commandTable } from './commands/table.js'
import { errorFields } from './commands/write-errors.js'
import { MongoError } from './errors.js'
import type { Store } from './store.js'
import { withFields } from './wire/batch.js'
import { checkDocument } from './wire/document-check.js'
import type { Message } from './wire/message.js'

/** A message understood: which command it asks for, and whether that one writes. */
export interface Task {
  readonly request: Request
  readonly command: Command
  readonly writes: boolean
}

const DECODING = { promoteValues: false, promoteBuffers: false, bsonRegExp: true }
/** Documents to be stored stay as they came. */
const DECODING_INSERT = { ...DECODING, fieldsAsRaw: { documents: true } }

/** Finds the command of a message; throws the MongoError that its sender gets. */
export function understand(message: Message, client: Client): Task {
  checkDocument(message.body)
  for (const sequence of message.sequences.values()) sequence.forEach(checkDocument)
  const name = firstName(message.body)
  const body = BSON.deserialize(message.body, name === 'insert' ? DECODING_INSERT : DECODING)
  const database = databaseOf(message, body)
  const { body: raw, sequences } = message
  const request: Request = { name, database, body, raw, sequences, client }
  const command = commandTable.get(name)
  if (command === undefined) throw new MongoError(59, `no such command: '${name}'`)
  if (command.adminOnly && database !== 'admin')
    throw new MongoError(13, `${name} may only be run against the admin database.`)
  refuseTransactions(body)
  const writes = typeof command.writes === 'function' ? command.writes(request) : command.writes
  return { request, command, writes }
}

/** A command is named by its first field. */
function firstName(body: Buffer): string {
  return body.length <= 5 ? '' : body.toString('utf8', 5, body.indexOf(0, 5))
}

function databaseOf({ namespace }: Message, body: Document): string {
  const named: unknown = body['$db'] ?? namespace?.split('.')[0]
  if (typeof named !== 'string')
    throw new MongoError(40571, 'OP_MSG requests require a $db argument')
  if (named === '' || Buffer.byteLength(named) > 63 || /[/\\. "$\0]/.test(named))
    throw new MongoError(73, `Invalid database name: '${named}'`)
  return named
}

function refuseTransactions(body: Document): void {
  if (
    body['autocommit'] === undefined &&
    body['startTransaction'] === undefined &&
    body['txnNumber'] === undefined
  )
    return
  throw new MongoError(20, 'Transaction numbers are only allowed on a replica set member or mongos')
}

/** Runs a task; errors that belong in the reply are in it, all others are thrown. */
export function runTask(store: Store, task: Task): Reply | Steps<Reply> {
  try {
    const result = start(store, task)
    return isSteps(result) ? guard(result, task) : withConcern(result, task)
  } catch (error) {
    if (error instanceof MongoError) return errorReply(error)
    throw error
  }
}

function start(store: Store, { request, command }: Task): Reply | Steps<Reply> {
  const { body } = request
  const now = new Date()
  const limit = body['maxTimeMS'] === undefined ? 0 : numeric(body['maxTimeMS'])
  if (Number.isNaN(limit) || limit < 0)
    throw new MongoError(2, `${String(body['maxTimeMS'])} value for maxTimeMS is out of range`)
  const deadline = limit > 0 ? performance.now() + limit : Infinity
  checkReadConcern(body['readConcern'])
  const variables = evaluateVariables(isPlainObject(body['let']) ? body['let'] : {}, now)
  return command.run({ store, request, args: body, now, variables, deadline })
}

const READ_LEVELS = ['local', 'available', 'majority']

function checkReadConcern(concern: unknown): void {
  const level: unknown = isPlainObject(concern) ? concern['level'] : undefined
  if (level === undefined || READ_LEVELS.includes(String(level))) return
  if (level === 'linearizable' || level === 'snapshot')
    throw new MongoError(123, `node needs to be a replica set member to use read concern ${level}`)
  throw new MongoError(9, `Unrecognized read concern level ${String(level)}`)
}

function* guard(steps: Steps<Reply>, task: Task): Steps<Reply> {
  try {
    return withConcern(yield* steps, task)
  } catch (error) {
    if (error instanceof MongoError) return errorReply(error)
    throw error
  }
}

/** One machine cannot promise what several would. */
function withConcern(reply: Reply, { request, writes }: Task): Reply {
  const wanted: unknown = request.body['writeConcern']?.w
  const isOne = wanted === undefined || wanted === 'majority' || numeric(wanted) <= 1
  if (!writes || isOne) return reply
  const isMode = typeof wanted === 'string'
  const writeConcernError = isMode
    ? {
        code: 79,
        codeName: 'UnknownReplWriteConcern',
        errmsg: `No write concern mode named '${wanted}' found`,
      }
    : { code: 100, codeName: 'UnsatisfiableWriteConcern', errmsg: 'Not enough data-bearing nodes' }
  return Buffer.isBuffer(reply)
    ? withFields(reply, { writeConcernError })
    : { ...reply, writeConcernError }
}

function isSteps(result: Reply | Steps<Reply>): result is Steps<Reply> {
  return !Buffer.isBuffer(result) && typeof result['next'] === 'function'
}

/** The reply to a command that failed; what nobody expected is an internal error. */
export function errorReply(error: unknown): Reply {
  if (error instanceof MongoError) {
    return { ok: 0, ...errorFields(error) }
  }
  const message = error instanceof Error ? error.message : String(error)
  return { ok: 0, ...errorFields(new MongoError(1, message)) }
}
