import type { Request, Response } from 'express'
import type { z, ZodType } from 'zod'
import type { Actor, Name } from '../kernel/contract.js'
import { hasKey, translator, type Translate } from '../platform/i18n.js'
import { now } from '../platform/clock.js'
import { announcedTo } from './announcements.js'
import { asset } from './assets.js'
import { charts } from './charts/index.js'
import { formatFor } from './format.js'
import { neverCache, wantsJson } from './headers.js'
import { icon } from './icons.js'
import { listFile, type AnyListFile } from './list-files.js'
import { markdown } from './markdown.js'
import { wasThere, type Download, type Owned, type Route, type Shows } from './routes.js'
import { jsonForScript, type SafeHtml } from './safe-html.js'
import { routeOf } from './request-log.js'
import {
  footEntries,
  loadPanels,
  navFor,
  leaveOut,
  type LoadedPanel,
  type Look,
  type May,
} from './shell.js'
import { render } from './views.js'
import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** A form that was refused, to be shown again with what was typed. */
export interface RefusedForm {
  readonly values: Readonly<Record<string, unknown>>
  /** Message per field path. */
  readonly errors: Readonly<Record<string, string>>
  /** Message about the form as a whole. */
  readonly error?: string
}

/** What a request brought with it, worked out once. */
export interface Visit {
  readonly req: Request
  readonly res: Response
  readonly viewer: Actor | undefined
  readonly language: string
  readonly look: Look
  readonly t: Translate
  readonly may: May
  readonly requestId: string
}

export interface Shown {
  readonly route: Route & { readonly shows: Shows }
  /** What is shown, or a promise of it. */
  readonly value: unknown
  readonly subject?: unknown
  readonly owned?: Owned | undefined
  readonly form?: RefusedForm
}

/** Answers a GET with its page, its frame or its JSON, all made from one checked object. */
export async function show(visit: Visit, shown: Shown): Promise<void> {
  const { res, req } = visit
  const isJson = !shown.form && wantsJson(req)
  // Panels do not wait for the page: what both need of the database is asked for at once.
  const [value, panels] = await Promise.all([shown.value, isJson ? [] : panelsOf(visit, shown)])
  if (res.headersSent) return
  const checked = parseShown(shown.route.shows.schema, value)
  res.vary('Accept').vary('Turbo-Frame')
  if (visit.viewer) neverCache(res)
  if (isJson) {
    res.json(checked)
    return
  }
  const locals = localsFor(visit, checked, shown)
  const { view } = shown.route.shows
  const name = typeof view === 'function' ? view(checked) : view
  const body = render(name, { ...locals, panels: drawn(panels, locals) })
  res.status(shown.form && res.statusCode === 200 ? 422 : res.statusCode).type('html')
  res.send(String(req.get('turbo-frame') ? body : inLayout(visit, locals, body)))
}

/** A page outside the route table, such as an error's. */
export function showPage(visit: Visit, view: Name, value: object): void {
  const locals = localsFor(visit, value)
  const body = render(view, { ...locals, panels: [] })
  visit.res
    .vary('Accept')
    .type('html')
    .send(String(inLayout(visit, locals, body)))
}

/** Answers an unsafe request: a page goes on (303), JSON gets the object, 201 where it was created. */
export function conclude(visit: Visit, route: Route, result: unknown): void {
  const { res, req } = visit
  const outcome = route.outcome
  if (!outcome || res.headersSent) return
  if (visit.viewer) neverCache(res)
  res.vary('Accept')
  if (outcome.kind !== 'answers' && !wantsJson(req)) {
    if (outcome.said) rememberSaid(res, outcome.said, req.secure)
    res.redirect(303, fillPath(outcome.path, { ...params(req), ...(result as object | undefined) }))
    return
  }
  if (!outcome.schema || result === undefined) {
    res.status(204).end()
    return
  }
  res.status(outcome.kind === 'creates' && !wasThere(result) ? 201 : 200)
  res.json(parseShown(outcome.schema, result))
}

/** Streams a download; its name is safe in a header (RFC 6266). */
export async function sendDownload(res: Response, type: string, download: Download): Promise<void> {
  res.attachment(download.name)
  if (download.inline) res.set('Content-Disposition', 'inline')
  res.type(download.type ?? type)
  const { body } = download
  if (typeof body === 'string' || body instanceof Uint8Array) {
    res.send(typeof body === 'string' ? body : Buffer.from(body))
    return
  }
  await pipeline(Readable.from(body), res)
}

interface ListAsked {
  readonly query: object
  readonly format: 'csv' | 'xlsx'
  load(query: object): unknown
}

/** Answers with a list as a file: what the page would show, page after page. */
export async function sendList(
  { res, language, t, viewer }: Visit,
  { schema, file }: Shows & { readonly file: AnyListFile },
  { query, format, load }: ListAsked,
): Promise<void> {
  const { timeZone } = (viewer ?? {}) as { timeZone?: string }
  const reader = { t, language, format: formatFor(language, timeZone) }
  const part = async (asked: object): Promise<object> => parseShown(schema, await load(asked))
  const download = await listFile({ file, format, query, reader, load: part })
  if (viewer) neverCache(res)
  await sendDownload(res, 'application/octet-stream', download)
}

/** `/courses/:id` with its names filled from `values`, each one encoded. */
export function fillPath(path: string, values: Readonly<Record<string, unknown>>): string {
  return path.replace(/:([a-zA-Z]+)/g, (_, name: string) =>
    encodeURIComponent(String(values[name])),
  )
}

const params = (req: Request): Record<string, string> => req.params as Record<string, string>

/** What is shown must fit its schema: a field that slipped in is dropped, one missing is our bug. */
function parseShown(schema: ZodType, value: unknown): object {
  return schema.parse(JSON.parse(JSON.stringify(value ?? {}))) as z.infer<typeof schema> as object
}

interface PageOptions {
  title: string
  crumbs?: readonly { label: string; href: string }[]
  wide?: boolean
  bare?: boolean
  plain?: boolean
}

export type Locals = ReturnType<typeof localsFor>

function localsFor(visit: Visit, shown: object, { form, route }: Partial<Shown> = {}) {
  const { viewer, language, look, t, may, req, res } = visit
  const person = viewer as (Actor & { timeZone?: string; theme?: string }) | undefined
  const pageOptions: PageOptions = { title: '' }
  return {
    shown,
    t,
    language,
    languages: look.languages,
    brand: { ...look, name: look.name(language) },
    viewer: viewer && {
      ...viewer,
      theme: person?.theme ?? 'system',
      may: (permission: Name, owned?: Owned) => may(viewer, permission, owned),
    },
    form: form ?? { values: {}, errors: {} },
    foot: footEntries(),
    url: req.originalUrl,
    path: req.path,
    /** A path that carries a right is told to nobody. */
    tellable: /:(token|capability|file)\b/.test(routeOf(req)) ? undefined : req.path,
    query: req.query,
    takenAway: Boolean(route?.shows.file),
    now: now(),
    format: formatFor(language, person?.timeZone),
    asset,
    icon,
    charts,
    markdown,
    json: jsonForScript,
    nonce: String(res.locals.nonce ?? ''),
    newId: randomUUID,
    pageOptions,
    page: (options: PageOptions): void => void Object.assign(pageOptions, options),
  }
}

async function panelsOf(visit: Visit, { route, subject, owned }: Shown): Promise<LoadedPanel[]> {
  const place = route.shows.panels
  if (!place || !visit.viewer) return []
  const { language, t, may, viewer } = visit
  return loadPanels({ place, owned }, { actor: viewer, subject, language, t }, may)
}

const drawn = (panels: readonly LoadedPanel[], locals: Locals): SafeHtml[] =>
  panels.flatMap(({ view, shown }) => {
    try {
      return [render(view, { ...locals, shown })]
    } catch (error) {
      leaveOut(view, error)
      return []
    }
  })

function inLayout(visit: Visit, locals: Locals, body: SafeHtml): SafeHtml {
  if (locals.pageOptions.plain) return body
  return render('layouts:page', {
    ...locals,
    body,
    announced: announcedTo(visit),
    looking: lookingIn(visit),
    nav: navFor(visit.viewer, visit.may),
    said: takeSaid(visit),
  })
}

/** Whoever looks as somebody else does reads of it in their own language. */
function lookingIn({ viewer }: Visit) {
  const { name, support } = viewer ?? {}
  if (!support) return undefined
  const { language, timeZone } = support
  const format = formatFor(language, timeZone)
  return { ...support, name, t: translator(language), format }
}

const saidCookie = 'said'

/** One sentence carried over a redirect; it names a translation, so nothing of the cookie is printed. */
function rememberSaid(res: Response, said: Name, secure: boolean): void {
  res.cookie(saidCookie, said, { httpOnly: true, sameSite: 'lax', secure, maxAge: 60_000 })
}

function takeSaid({ req, res, t }: Visit): string | undefined {
  const said = /(?:^|; )said=([^;]+)/.exec(req.get('cookie') ?? '')?.[1]
  if (!said) return undefined
  res.clearCookie(saidCookie)
  const key = decodeURIComponent(said)
  return /^[a-z-]+:[a-z.-]+$/.test(key) && hasKey(key) ? t(key) : undefined
}
