import express, { type Express, type Request, type RequestHandler, type Response } from 'express'
import type { ZodError, ZodType } from 'zod'
import type { Actor, Routes } from '../kernel/contract.js'
import { AppError, Forbidden, Invalid, Unauthenticated } from '../errors.js'
import { bestLanguage, translator } from '../platform/i18n.js'
import { wantsJson } from './headers.js'
import type { ListQuery } from './lists.js'
import { fieldErrors, messageOf, sayWhen } from './on-error.js'
import { conclude, sendDownload, sendList, show, type RefusedForm, type Visit } from './respond.js'
import type { Context, Download, Owned, Route, Shows, UploadedFile } from './routes.js'
import type { Look, May } from './shell.js'
import { readUpload } from './uploads.js'

/** What the domain lends to http, handed over by `app.ts`. */
export interface Borrowed {
  authenticate(req: Request, res: Response): Promise<Actor | undefined>
  readonly may: May
  lookFor(viewer: Actor | undefined): Promise<Look>
  /** Refuses what is closed to whoever looks as somebody else does. */
  letPass(viewer: Actor | undefined, asked: Asked): Promise<void>
}

/** A route somebody asks, and whether what it shows is to be a file. */
export interface Asked {
  readonly route: Route
  readonly takenAway: boolean
}

/** Mounts every route of one host. Each request is authenticated, judged, parsed, handled, answered. */
export function mountRoutes(app: Express, tables: readonly Routes[], borrowed: Borrowed): void {
  const entries = tables.flatMap(({ entries: all }) => all)
  const pages = new Map(entries.filter(({ method }) => method === 'get').map((r) => [r.path, r]))
  for (const route of entries.toSorted(namedFirst)) {
    app[route.method](route.path, handle(route, pages, borrowed))
  }
}

/** A feature may name a path where another has a parameter: `/people/duplicates` goes before `/people/:person`. */
const namedFirst = (a: Route, b: Route): number => parametersIn(a).localeCompare(parametersIn(b))

const parametersIn = ({ path }: Route): string =>
  path.split('/').reduce((said, part) => said + (part.startsWith(':') ? '1' : '0'), '')

/** Works out who visits and in which language; later steps only read it. */
export function visitor(borrowed: Borrowed): RequestHandler {
  return async (req, res, next) => {
    res.locals.visit = await visitOf(req, res, borrowed)
    next()
  }
}

type Pages = ReadonlyMap<string, Route>

function handle(route: Route, pages: Pages, borrowed: Borrowed): RequestHandler {
  return async (req, res) => {
    const visit = res.locals.visit as Visit
    await borrowed.letPass(visit.viewer, { route, takenAway: 'format' in req.query })
    const subject = await judge(route, visit, borrowed.may)
    if (route.shows) return answerGet(route, visit, subject)
    try {
      const input = await readInput(route, visit)
      const context = contextOf(visit, subject, { ...input })
      conclude(visit, route, await route.handler(context as never))
    } catch (error) {
      await refuse(error, { route, visit, pages, may: borrowed.may })
    }
  }
}

interface Judged {
  readonly name?: string
  readonly value?: unknown
  readonly owned?: Owned
}

/** Lets pass whoever the route's access names: else 401, 403, or 404 for what is out of scope. */
async function judge({ access, path }: Route, visit: Visit, may: May): Promise<Judged> {
  if (access.kind === 'anyone' || access.kind === 'token') return {}
  const { viewer, req } = visit
  if (!viewer) throw new Unauthenticated()
  if (!access.subject) {
    if (access.kind === 'can' && !may(viewer, access.permission)) throw new Forbidden()
    return {}
  }
  const { name, load, owned } = access.subject
  const id = req.params[name]
  if (typeof id !== 'string') throw new Error(`${path} has no parameter ${name}`)
  const value = await load(viewer, id)
  if (access.kind === 'can' && !may(viewer, access.permission, owned(value))) throw new Forbidden()
  return { name, value, owned: owned(value) }
}

async function answerGet(route: Route, visit: Visit, subject: Judged): Promise<void> {
  const { shows } = route
  if (!shows) return
  const query: Query = shows.query ? parseQuery(shows.query, visit.req) : {}
  const load = (asked: object): unknown =>
    route.handler(contextOf(visit, subject, { query: asked }) as never)
  if (shows.kind === 'shows' && shows.file && query.format) {
    return sendList(visit, { ...shows, file: shows.file }, { query, format: query.format, load })
  }
  if (shows.kind === 'downloads') {
    const value = await load(query)
    return visit.res.headersSent
      ? undefined
      : sendDownload(visit.res, shows.type, value as Download)
  }
  const { value: of, owned } = subject
  await show(visit, { route: { ...route, shows }, value: load(query), subject: of, owned })
}

interface Input {
  readonly form: unknown
  readonly file: UploadedFile | undefined
}

/** Reads and checks what a route takes. Bodies are read only now, after access was granted. */
async function readInput(route: Route, visit: Visit): Promise<Input> {
  const { req, res } = visit
  const rules = route.takes
  if (!rules) return { form: undefined, file: undefined }
  const multipart = Boolean(req.is('multipart/form-data'))
  const file = rules.upload && multipart ? await readUpload(req, res, rules.upload) : undefined
  if (!multipart) await readBody(req, res, rules.maxBytes)
  return { form: { schema: rules.schema, values: bodyOf(req) }, file }
}

const readers = new Map<number, readonly RequestHandler[]>()

async function readBody(req: Request, res: Response, limit = 100_000): Promise<void> {
  const made = readers.get(limit) ?? [
    express.json({ limit, strict: true }),
    express.urlencoded({ limit, extended: true, parameterLimit: 2000 }),
  ]
  readers.set(limit, made)
  for (const read of made) {
    await new Promise<void>((done, fail) => {
      const next = (error?: unknown): void => {
        if (error) fail(error as Error)
        else done()
      }
      void read(req, res, next)
    })
  }
}

/** A form sends every field; the empty ones mean nothing was said. JSON is taken as it is. */
function bodyOf(req: Request): Record<string, unknown> {
  const body = (req.body ?? {}) as Record<string, unknown>
  if (req.is('application/json')) return body
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== ''))
}

function contextOf(visit: Visit, subject: Judged, input: Record<string, unknown>): Context {
  const { req, res, viewer, language, t, requestId } = visit
  const form = input.form as { schema: ZodType; values: unknown } | undefined
  return {
    actor: viewer as Actor,
    viewer,
    params: req.params as Record<string, string>,
    language,
    t,
    requestId,
    address: req.ip ?? '',
    req,
    res,
    ...input,
    ...(form && { form: parseForm(form.schema, form.values) }),
    ...(subject.name && { [subject.name]: subject.value }),
  }
}

function parseForm(schema: ZodType, values: unknown): unknown {
  const parsed = schema.safeParse(values, { reportInput: true })
  if (!parsed.success) throw invalidForm(parsed.error)
  return parsed.data
}

function parseQuery(schema: ZodType, req: Request): Query {
  const parsed = schema.safeParse(req.query, { reportInput: true })
  if (!parsed.success) throw invalidForm(parsed.error)
  return parsed.data as Query
}

type Query = Partial<Pick<ListQuery, 'format'>>

const invalidForm = (error: ZodError): Invalid =>
  new Invalid('core:invalid-form', { errors: fieldErrors(error) }, { cause: error })

interface Refusal {
  readonly route: Route
  readonly visit: Visit
  readonly pages: Pages
  readonly may: May
}

/** A form with errors is shown again at 422, with what was typed; everything else is the error handler's. */
async function refuse(error: unknown, { route, visit, pages, may }: Refusal): Promise<void> {
  const page = pages.get(route.takes?.page ?? route.path)
  const reshow = error instanceof AppError && [401, 409, 413, 422, 429].includes(error.status)
  if (!reshow || !page || page.shows?.kind !== 'shows' || wantsJson(visit.req)) throw error
  sayWhen(visit.res, error)
  const shown = page as Route & { readonly shows: Shows }
  const subject = await judge(shown, visit, may)
  const query = shown.shows.query ? shown.shows.query.parse({}) : {}
  const value = await shown.handler(contextOf(visit, subject, { query }) as never)
  if (error.status !== 422) visit.res.status(error.status)
  await show(visit, {
    route: shown,
    value,
    subject: subject.value,
    owned: subject.owned,
    form: refusedForm(error, visit),
  })
}

function refusedForm(error: AppError, visit: Visit): RefusedForm {
  const values = printable(visit.req.body ?? {}) as Record<string, unknown>
  const errors: Record<string, string> = {}
  for (const { path, code, values: said } of error.details.errors ?? [])
    errors[path] = [errors[path] ?? [], messageOf(visit.t, code, said)].flat().join(' ')
  const whole = messageOf(visit.t, error.code, error.details.values)
  return { values, errors, error: whole }
}

const deepestField = 4
const notTyped = new Set(['__proto__', 'constructor', 'toString', 'valueOf'])

/** What was typed, as views can print it: whatever was sent in the place of a text, it can be made one. */
function printable(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object') return value
  if (value === null || depth === deepestField) return undefined
  if (Array.isArray(value)) return value.map((one) => printable(one, depth + 1) ?? '')
  const fields = Object.entries(value).filter(([name]) => !notTyped.has(name))
  return Object.fromEntries(fields.map(([name, one]) => [name, printable(one, depth + 1)]))
}

async function visitOf(req: Request, res: Response, borrowed: Borrowed): Promise<Visit> {
  const viewer = await borrowed.authenticate(req, res)
  const preferred = (viewer as { language?: string } | undefined)?.language
  const look = await borrowed.lookFor(viewer)
  const language = preferred ?? bestLanguage(req.get('accept-language'), look.languages)
  const requestId = String(res.locals.requestId)
  const { may } = borrowed
  return { req, res, viewer, language, look, t: translator(language), may, requestId }
}
