import { z, type ZodType } from 'zod'
import type { Routes } from '../kernel/contract.js'
import { csvType } from './csv.js'
import type { Route, Shows } from './routes.js'
import { workbookType } from './workbook.js'

type Json = Record<string, unknown>

const fileTypes = [csvType, workbookType]

/** The OpenAPI 3.1 document of the route table. Nothing in it is written by hand. */
export function openApiOf(tables: readonly Routes[], server: string): Json {
  const paths: Record<string, Json> = {}
  for (const route of tables.flatMap(({ entries }) => entries)) {
    const path = route.path.replace(/[:*]([a-zA-Z]+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method]: operation(route) }
  }
  const schemas: Json = { Problem: problem }
  const hoisted = Object.fromEntries(
    Object.entries(paths).map(([path, methods]) => [path, hoist(methods, schemas)]),
  )
  return {
    openapi: '3.1.0',
    info: {
      title: 'Palier',
      version: '0.1.0',
      license: { name: 'EUPL-1.2', identifier: 'EUPL-1.2' },
    },
    servers: [{ url: server }],
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
      schemas,
    },
    paths: hoisted,
  }
}

function operation(route: Route): Json {
  const { access, takes, shows, outcome } = route
  const open = access.kind === 'anyone' || access.kind === 'token'
  return {
    operationId: `${route.method} ${route.path}`,
    tags: [route.path.split('/')[1] || 'home'],
    description: access.kind === 'can' ? `Needs ${access.permission}.` : `Access: ${access.kind}.`,
    security: open ? [] : [{ bearer: [] }],
    parameters: [...pathParameters(route.path), ...queryParameters(shows?.query)],
    ...(takes && { requestBody: bodyOf(takes) }),
    responses: {
      ...(shows?.kind === 'shows' && { 200: shownBy(shows) }),
      ...(shows?.kind === 'downloads' && {
        200: { description: 'A file', content: { [shows.type]: {} } },
      }),
      ...(outcome && { [outcome.kind === 'creates' ? 201 : 200]: outcomeOf(outcome.schema) }),
      default: {
        description: 'A problem (RFC 9457)',
        content: {
          'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
        },
      },
    },
  }
}

/** A list is a file as well. */
function shownBy({ schema, file }: Shows): Json {
  const { description, content } = json(schema, 'The object the page shows')
  const files = file && Object.fromEntries(fileTypes.map((type) => [type, {}]))
  return { description, content: { ...(content as Json), ...files } }
}

const outcomeOf = (schema: ZodType | undefined): Json =>
  schema ? json(schema, 'Done') : { description: 'Done, nothing to say' }

const json = (schema: ZodType, description: string): Json => ({
  description,
  content: { 'application/json': { schema: schemaOf(schema, 'output') } },
})

function bodyOf(takes: NonNullable<Route['takes']>): Json {
  const schema = schemaOf(takes.schema, 'input')
  const content: Json = takes.upload
    ? { 'multipart/form-data': { schema: withFile(schema, [takes.upload.field].flat()) } }
    : { 'application/json': { schema }, 'application/x-www-form-urlencoded': { schema } }
  return { required: true, content }
}

const withFile = (schema: Json, fields: readonly string[]): Json => ({
  ...schema,
  properties: {
    ...(schema.properties as Json | undefined),
    ...Object.fromEntries(fields.map((field) => [field, aFile])),
  },
})

const aFile = { type: 'string', contentMediaType: 'application/octet-stream' }

const pathParameters = (path: string): Json[] =>
  [...path.matchAll(/[:*]([a-zA-Z]+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))

function queryParameters(query: ZodType | undefined): Json[] {
  if (!query) return []
  const { properties = {}, required = [] } = schemaOf(query, 'input') as {
    properties?: Json
    required?: string[]
  }
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }))
}

/** A schema that refers to itself brings `$defs` of its own: in the document they lie with the shared ones. */
function hoist(value: unknown, schemas: Json): unknown {
  if (Array.isArray(value)) return value.map((item) => hoist(item, schemas))
  if (typeof value !== 'object' || value === null) return value
  const { $defs, ...rest } = value as Json
  const renamed = $defs ? lifted($defs as Json, rest, schemas) : rest
  return Object.fromEntries(
    Object.entries(renamed).map(([key, inner]) => [key, hoist(inner, schemas)]),
  )
}

function lifted(defs: Json, rest: Json, schemas: Json): Json {
  let text = JSON.stringify([rest, defs])
  const names = Object.keys(defs).map((name, at): [string, string] => {
    const own = `Shared${Object.keys(schemas).length + at}`
    text = text.replaceAll(`"#/$defs/${name}"`, `"#/components/schemas/${own}"`)
    return [name, own]
  })
  const [freed, moved] = JSON.parse(text) as [Json, Json]
  for (const [name, own] of names) schemas[own] = hoist(moved[name], schemas)
  return freed
}

function schemaOf(schema: ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json
  return rest
}

const problem = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'detail', 'requestId'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string' },
    detail: { type: 'string' },
    requestId: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          path: { type: 'string' },
          code: { type: 'string' },
          detail: { type: 'string' },
        },
      },
    },
  },
}
