import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  BSON,
  MongoBulkWriteError,
  MongoClient,
  MongoClientBulkWriteError,
  MongoServerError,
  type Document,
} from 'mongodb'
import {
  closeEntities,
  createEntities,
  found,
  noEntities,
  type Entities,
} from './unified-entities.js'
import { assertMatches } from './unified-match.js'
import { NotInDriver, plainResult, runOperation } from './unified-operations.js'

const TOPOLOGY = 'single'
const VERSION = [8, 0, 0]

/** One test of a specification file. */
export interface UnifiedTest {
  readonly file: Document
  readonly test: Document
  readonly title: string
}

/** All tests of a folder that apply to a standalone server of this version. */
export function unifiedTests(folder: string): UnifiedTest[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => {
      const file = BSON.EJSON.parse(readFileSync(join(folder, name), 'utf8')) as Document
      const tests = file['tests'] as Document[]
      return tests
        .filter((test) => applies(file['runOnRequirements']) && applies(test['runOnRequirements']))
        .map((test) => ({ file, test, title: `${name}: ${String(test['description'])}` }))
    })
}

function applies(requirements: readonly Document[] | undefined): boolean {
  if (requirements === undefined) return true
  return requirements.some((one) => {
    const topologies = (one['topologies'] ?? [TOPOLOGY]) as string[]
    const isRecent = compareVersion(one['minServerVersion'] ?? '0') >= 0
    const isOldEnough = compareVersion(one['maxServerVersion'] ?? '99') <= 0
    return topologies.includes(TOPOLOGY) && isRecent && isOldEnough && one['auth'] !== true
  })
}

function compareVersion(version: string): number {
  const parts = version.split('.').map(Number)
  for (const [at, mine] of VERSION.entries())
    if (mine !== (parts[at] ?? 0)) return mine - (parts[at] ?? 0)
  return 0
}

/** Runs one test; gives back the method that the driver lacks when that is why it cannot run. */
export async function runUnifiedTest(
  uri: string,
  { file, test }: UnifiedTest,
): Promise<string | undefined> {
  const admin = new MongoClient(uri)
  const entities = noEntities()
  try {
    await prepare(admin, file['initialData'] ?? [])
    await createEntities(uri, file['createEntities'] ?? [], entities)
    for (const operation of test['operations'] as Document[])
      await runStep(uri, operation, entities)
    await closeEntities(entities)
    for (const expected of test['expectEvents'] ?? []) assertEvents(expected, entities)
    for (const expected of test['outcome'] ?? []) await assertOutcome(admin, expected, entities)
    return undefined
  } catch (error) {
    if (error instanceof NotInDriver) return error.message
    throw error
  } finally {
    await closeEntities(entities)
    await admin.db('admin').command({ configureFailPoint: 'failCommand', mode: 'off' })
    await admin.close()
  }
}

async function prepare(client: MongoClient, data: readonly Document[]): Promise<void> {
  for (const { databaseName, collectionName, documents, createOptions } of data) {
    const database = client.db(databaseName)
    await database.collection(collectionName).drop()
    await database.createCollection(collectionName, createOptions ?? {})
    if (documents.length > 0) await database.collection(collectionName).insertMany(documents)
  }
}

async function runStep(uri: string, step: Document, entities: Entities): Promise<void> {
  const { name, object, arguments: args = {}, expectError, expectResult, saveResultAsEntity } = step
  const operation = { name, object, args, entities, uri }
  if (expectError !== undefined) {
    await assertFails(operation, expectError)
    return
  }
  const result =
    step['ignoreResultAndError'] === true
      ? await runOperation(operation).catch(() => undefined)
      : await runOperation(operation)
  if (saveResultAsEntity !== undefined) entities.cursors.set(saveResultAsEntity, result as never)
  if (expectResult !== undefined)
    assertMatches(result, expectResult, { path: name, isRoot: true, entities })
}

async function assertFails(
  operation: Parameters<typeof runOperation>[0],
  expected: Document,
): Promise<void> {
  const error = await runOperation(operation).then(
    () => {
      throw new Error(`${operation.name}: expected an error`)
    },
    (thrown: unknown) => thrown,
  )
  if (error instanceof NotInDriver) throw error
  if (error instanceof Error && error.message.endsWith(': expected an error')) throw error
  assertError(error as MongoServerError, expected, operation.entities)
}

function assertError(error: MongoServerError, expected: Document, entities: Entities): void {
  const place = { path: 'error', isRoot: true, entities }
  const { errorCode, errorContains, errorResponse, isClientError, expectResult, writeErrors } =
    expected
  const isServer = error instanceof MongoServerError
  if (isClientError !== undefined && isServer === isClientError && !isNetwork(error)) throw error
  const own = error instanceof MongoClientBulkWriteError ? (error.cause as MongoServerError) : error
  if (errorCode !== undefined) assertMatches(own.code, errorCode, place)
  if (
    errorContains !== undefined &&
    !error.message.toLowerCase().includes(String(errorContains).toLowerCase())
  )
    throw new Error(`error: expected ${String(errorContains)} in ${error.message}`)
  if (errorResponse !== undefined) assertMatches(own.errorResponse, errorResponse, place)
  if (expectResult !== undefined) assertMatches(resultOf(error), expectResult, place)
  if (writeErrors !== undefined)
    for (const [index, one] of Object.entries(writeErrors))
      assertMatches((error as unknown as Document)['writeErrors'].get?.(Number(index)), one, place)
}

/** What a write had done before it failed. */
function resultOf(error: MongoServerError): unknown {
  if (error instanceof MongoBulkWriteError) return error.result
  const { partialResult, result } = error as unknown as Document
  return partialResult === undefined ? result : plainResult(partialResult)
}

function isNetwork(error: Error): boolean {
  return error.name.includes('Network')
}

function assertEvents(expected: Document, entities: Entities): void {
  const wanted = (expected['events'] ?? []) as Document[]
  const isPool = expected['eventType'] === 'cmap'
  const seen = found(entities.events, expected['client']).filter(
    ({ kind }) => kind.startsWith('connection') === isPool,
  )
  const extra = expected['ignoreExtraEvents'] === true
  if (seen.length < wanted.length || (!extra && seen.length > wanted.length && !isPool))
    throw new Error(
      `expected ${String(wanted.length)} events, saw ${seen.map(({ kind, event }) => `${kind} ${String(event['commandName'])}`).join(', ')}`,
    )
  for (const [at, one] of wanted.entries()) {
    const [[kind, fields] = ['', {}]] = Object.entries(one) as [string, Document][]
    if (seen[at]?.kind !== kind)
      throw new Error(`event ${String(at)}: expected ${kind}, saw ${String(seen[at]?.kind)}`)
    for (const [field, value] of Object.entries(fields))
      assertMatches(seen[at].event[field], value, {
        path: `${kind} ${String(at)}.${field}`,
        isRoot: true,
        entities,
      })
  }
}

async function assertOutcome(
  client: MongoClient,
  expected: Document,
  entities: Entities,
): Promise<void> {
  const { databaseName, collectionName, documents } = expected
  const actual = await client
    .db(databaseName)
    .collection(collectionName)
    .find()
    .sort({ _id: 1 })
    .toArray()
  assertMatches(actual, documents, { path: collectionName, isRoot: false, entities })
}
