import type { Document } from 'bson'
import { MongoError } from '../errors.js'
import {
  paced,
  type Documents,
  type Stage,
  type StageCompiler,
  type StageContext,
} from './stage.js'
import { branching, facet } from './stages/branching.js'
import { fill, filling } from './stages/filling.js'
import { grouping } from './stages/grouping.js'
import { joining } from './stages/joining.js'
import { reshaping } from './stages/reshaping.js'
import { selecting, sizeOperand, sortStage } from './stages/selecting.js'
import { windowing } from './stages/windowing.js'

export type { Documents, StageContext } from './stage.js'

const compilers: ReadonlyMap<string, StageCompiler> = new Map(
  [branching, filling, grouping, joining, reshaping, selecting, windowing].flatMap((family) =>
    Object.entries(family),
  ),
)

/** Stages of MongoDB that this store does not have, with the error a standalone server gives. */
const REFUSED: Readonly<Record<string, readonly [code: number, message: string]>> = {
  $changeStream: [40573, 'The $changeStream stage is only supported on replica sets'],
  $geoNear: [115, '$geoNear is not supported by this store'],
  $search: [31082, '$search stage is only allowed on MongoDB Atlas'],
  $searchMeta: [31082, '$searchMeta stage is only allowed on MongoDB Atlas'],
  $vectorSearch: [31082, '$vectorSearch stage is only allowed on MongoDB Atlas'],
  $listSessions: [115, '$listSessions is not supported by this store'],
  $listSampledQueries: [115, '$listSampledQueries is not supported by this store'],
}

/** Compiles a pipeline; throws MongoDB's errors for stages that are unknown, wrong or not supported. */
export function compileStages(pipeline: readonly Document[], context: StageContext): Stage {
  const nested = (stages: readonly Document[]): Stage => compileStages(stages, context)
  const stages = withTopSorts(pipeline).map(([name, operand, most]): Stage => {
    if (name === '$facet') return facet(nested)(operand, context, name)
    if (name === '$fill') return fill(nested)(operand, context, name)
    if (name === '$sort') return sortStage(operand, context.collation, most)
    return compilerOf(name)(operand, context, name)
  })
  return (source) =>
    paced(stages.reduce((documents: Documents, stage) => stage(paced(documents)), source))
}

type Step = readonly [name: string, operand: unknown, most: number]

/** Each stage by name; a sort knows how many documents the limit right behind it lets through. */
function withTopSorts(pipeline: readonly Document[]): Step[] {
  const steps = pipeline.map((stage) => {
    const [[name, operand] = ['', undefined], ...others] = Object.entries(stage) as [
      string,
      unknown,
    ][]
    if (name === '' || others.length > 0)
      throw new MongoError(
        40323,
        'A pipeline stage specification object must contain exactly one field.',
      )
    return [name, operand] as const
  })
  return steps.map(([name, operand], at) => {
    const next = steps[at + 1]
    const isCut = name === '$sort' && next?.[0] === '$limit'
    return [name, operand, isCut ? sizeOperand(next[1], '$limit') : Infinity]
  })
}

function compilerOf(name: string): StageCompiler {
  const compiler = compilers.get(name)
  if (compiler !== undefined) return compiler
  const [code, message] = REFUSED[name] ?? [40324, `Unrecognized pipeline stage name: '${name}'`]
  throw new MongoError(code, message)
}
