import type { Document } from 'bson'
import { MongoError } from '../errors.js'
import { compileFilter } from '../query/match.js'
import { execute } from '../query/execute.js'
import type { Plan } from '../query/plan.js'
import { filterOptions, planFor, type Query } from '../query/read.js'
import { isSliceOver } from '../slices.js'
import type { Collection } from '../storage/catalog.js'
import { command, namespace, type Call, type Command, type Steps } from './command.js'
import { VERSION } from './handshake.js'
import { isPlainObject, type Arguments } from './schema.js'

const EXPLAIN = { verbosity: 'string' } as const
const LEVELS = ['queryPlanner', 'executionStats', 'allPlansExecution']

function* explain(call: Call<Arguments<typeof EXPLAIN>>): Steps<Document> {
  const { store, request, args } = call
  const asked: unknown = request.body['explain']
  if (!isPlainObject(asked)) throw new MongoError(14, 'explain command requires a nested object')
  const { verbosity = 'allPlansExecution' } = args
  if (!LEVELS.includes(verbosity))
    throw new MongoError(
      2,
      `Enumeration value '${verbosity}' for field 'explain.verbosity' is not a valid value.`,
    )
  const [name = ''] = Object.keys(asked)
  const target = namespace(request.database, String(asked[name]))
  const query = queryOf(name, asked)
  const collection = store.catalog.get(target)
  const plan = collection === undefined ? undefined : planFor(store.environment, collection, query)
  const queryPlanner = {
    namespace: target,
    parsedQuery: query.filter,
    winningPlan: plan === undefined ? { stage: 'EOF' } : describe(plan, query),
    rejectedPlans: [],
  }
  const isRun = verbosity !== 'queryPlanner' && collection !== undefined && plan !== undefined
  const executionStats = isRun
    ? { executionStats: yield* runStats(call, collection, { plan, query }) }
    : {}
  const serverInfo = { host: 'palier', version: VERSION }
  return { explainVersion: '1', queryPlanner, ...executionStats, command: asked, serverInfo, ok: 1 }
}

/** What a command reads, whichever of its forms says so. */
function queryOf(name: string, asked: Document): Query {
  const [stage] = Array.isArray(asked['pipeline']) ? (asked['pipeline'] as Document[]) : []
  const [statement] = (asked['updates'] ?? asked['deletes'] ?? []) as Document[]
  const filters: Readonly<Record<string, unknown>> = {
    find: asked['filter'],
    aggregate: stage?.['$match'],
    count: asked['query'],
    distinct: asked['query'],
    findAndModify: asked['query'],
    update: statement?.['q'],
    delete: statement?.['q'],
  }
  if (!(name in filters)) throw new MongoError(59, `Explain failed due to unknown command: ${name}`)
  const { sort, hint, collation } = { ...asked, ...statement } as Document
  return { filter: (filters[name] ?? {}) as Document, sort, hint, collation }
}

function describe(plan: Plan, query: Query): Document {
  const read = describeRead(plan, query.filter)
  return plan.sorted ? read : { stage: 'SORT', sortPattern: query.sort, inputStage: read }
}

function describeRead(plan: Plan, filter: Document): Document {
  if (plan.kind === 'scan')
    return { stage: 'COLLSCAN', filter, direction: plan.backward ? 'backward' : 'forward' }
  const inputStage =
    plan.kind === 'union'
      ? { stage: 'OR', inputStages: plan.branches.map((branch) => describeKeys(branch)) }
      : describeKeys(plan)
  return { stage: 'FETCH', filter, inputStage }
}

function describeKeys(plan: Exclude<Plan, { kind: 'scan' }>): Document {
  if (plan.kind === 'union')
    return { stage: 'OR', inputStages: plan.branches.map((branch) => describeKeys(branch)) }
  const { index, ranges, merged, backward } = plan
  return {
    stage: merged === undefined ? 'IXSCAN' : 'SORT_MERGE',
    keyPattern: index.spec['key'] as Document,
    indexName: index.name,
    isMultiKey: index.multikey.includes(true),
    isUnique: index.unique,
    isSparse: index.sparse,
    isPartial: index.partial !== undefined,
    direction: backward ? 'backward' : 'forward',
    ranges: ranges.length,
  }
}

function* runStats(
  { store }: Call<unknown>,
  collection: Collection,
  { plan, query }: { plan: Plan; query: Query },
): Steps<Document> {
  const matches = compileFilter(query.filter, filterOptions(collection, query))
  let totalDocsExamined = 0
  let nReturned = 0
  for (const { raw } of execute(store.environment, collection, plan)) {
    totalDocsExamined += 1
    if (totalDocsExamined % 16 === 0 && isSliceOver()) yield undefined
    if (matches(raw)) nReturned += 1
  }
  const totalKeysExamined = plan.kind === 'scan' ? 0 : totalDocsExamined
  return { executionSuccess: true, nReturned, totalKeysExamined, totalDocsExamined }
}

/** Telling how a command would read. */
export const explainCommands: readonly Command[] = [
  command('explain', { shape: EXPLAIN, run: explain }),
]
