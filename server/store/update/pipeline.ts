import { compileStages } from '../aggregation/stages.js'
import { encode, rawField } from '../bson/raw.js'
import { DocumentWriter } from '../bson/writer.js'
import { isPlainObject } from '../commands/schema.js'
import { MongoError } from '../errors.js'
import type { UpdateOptions } from './update.js'

const ALLOWED = new Set([
  '$addFields',
  '$set',
  '$project',
  '$unset',
  '$replaceRoot',
  '$replaceWith',
])

/** Compiles an update that is a pipeline over the document alone. */
export function compilePipeline(
  pipeline: readonly unknown[],
  { variables, now, collation }: UpdateOptions,
): (raw: Buffer) => Buffer {
  const stages = pipeline.map(checkStage)
  const run = compileStages(stages, {
    database: '',
    collection: undefined,
    collation,
    variables: { NOW: now, ...variables },
    run: () => [],
    statistics: () => [],
  })
  return (raw) => {
    const [after] = [...run([raw])].filter((one) => one !== undefined)
    return withId(after ?? encode({}), raw)
  }
}

function checkStage(stage: unknown): Record<string, unknown> {
  const [name, ...others] = isPlainObject(stage) ? Object.keys(stage) : []
  if (!isPlainObject(stage) || name === undefined || others.length > 0)
    throw new MongoError(
      40323,
      'A pipeline stage specification object must contain exactly one field.',
    )
  if (ALLOWED.has(name)) return stage
  if (!name.startsWith('$') || /[^$A-Za-z]/.test(name))
    throw new MongoError(40324, `Unrecognized pipeline stage name: '${name}'`)
  throw new MongoError(72, `${name} is not allowed to be used within an update`)
}

const writer = new DocumentWriter()

/** A pipeline that drops `_id` does not drop it from the stored document. */
function withId(after: Buffer, before: Buffer): Buffer {
  const id = rawField(before, 0, '_id')
  if (id === undefined || rawField(after, 0, '_id') !== undefined) return after
  writer.begin()
  writer.field('_id', id)
  writer.copy(after, 4, after.length - 1)
  writer.end()
  return writer.bytes()
}
