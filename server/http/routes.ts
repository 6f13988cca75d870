import type { Request, Response } from 'express'
import type { z, ZodObject, ZodType } from 'zod'
import type { Actor, Id, Name, Routes } from '../kernel/contract.js'
import type { Translate } from '../platform/i18n.js'
import type { AnyListFile } from './list-files.js'

/** What a permission is asked about: whose it is, and where. `may` is pure over it. */
export interface Owned {
  /** The units it belongs to: its own and that unit's ancestors. */
  readonly units?: readonly Id[] | undefined
  /** The person it is about. */
  readonly person?: Id | undefined
  /** That person's line manager today. */
  readonly manager?: Id | null | undefined
  /** Who made it and keeps rights on it, whatever the unit (a course's trainers, a topic's author). */
  readonly owners?: readonly Id[] | undefined
}

/** A parameter of a path, loaded within the actor's scope: what is outside it is 404. */
export interface Subject<N extends string = string, T = unknown> {
  readonly name: N
  load(actor: Actor, id: Id): Promise<T>
  /** What `may` is asked about. */
  owned(value: T): Owned
  /** A few of them, of different units, with what they belong to: the access test's own oracle. */
  sample(): Promise<readonly (Owned & { readonly id: Id })[]>
}

/** Names a subject. Its `load` throws `NotFound` for what the actor may not know of. */
export const subject = <N extends string, T>(definition: Subject<N, T>): Subject<N, T> => definition

export type Access<N extends string = never, T = unknown> =
  | { readonly kind: 'anyone' }
  | { readonly kind: 'signed-in'; readonly subject?: Subject<N, T> }
  | { readonly kind: 'can'; readonly permission: Name; readonly subject?: Subject<N, T> }
  | { readonly kind: 'token'; readonly reason: string }

/** Open to the world. */
export const anyone = { kind: 'anyone' } as const
/** Any person who has signed in; with a subject, whoever may load it. */
export function signedIn(): { kind: 'signed-in' }
export function signedIn<N extends string, T>(subject: Subject<N, T>): Access<N, T>
export function signedIn<N extends string, T>(subject?: Subject<N, T>): Access<N, T> {
  return subject ? { kind: 'signed-in', subject } : { kind: 'signed-in' }
}
/** Whoever holds the permission; with a subject, holds it over that subject. */
export function can(permission: Name): { kind: 'can'; permission: Name }
export function can<N extends string, T>(permission: Name, subject: Subject<N, T>): Access<N, T>
export function can<N extends string, T>(permission: Name, subject?: Subject<N, T>): Access<N, T> {
  return subject ? { kind: 'can', permission, subject } : { kind: 'can', permission }
}
/** Judged by a token that the request itself carries, in its path or body; the handler checks it. */
export const byToken = (reason: string): { kind: 'token'; reason: string } => ({
  kind: 'token',
  reason,
})

/** The view of a page, or how the object shown names it where kinds of it look different. */
export type View = Name | ((shown: object) => Name)

/** What a GET shows: a view, the schema of the object shown, what its query may say. */
export interface Shows<S extends ZodType = ZodType, Q extends ZodObject = ZodObject> {
  readonly kind: 'shows'
  readonly view: View
  readonly schema: S
  readonly query?: Q
  /** Where plugins may add panels to this page. The subject, if any, is given to them. */
  readonly panels?: Name | 'home'
  /** How the list it shows is taken away, with `format` in the query. */
  readonly file?: AnyListFile
  /** False where it is for the person alone, or changes something: whoever looks as they do, to help, is refused. */
  readonly duringSupport?: false
}

type ShowsOptions<Q extends ZodObject> = Pick<
  Shows<ZodType, Q>,
  'query' | 'panels' | 'file' | 'duringSupport'
>

/** A page, its frames and its JSON: one object, checked against one schema. */
export const shows = <S extends ZodType, Q extends ZodObject>(
  view: View,
  schema: S,
  options: ShowsOptions<Q> = {},
): Shows<S, Q> => ({ kind: 'shows', view, schema, ...options })

/** A stream of bytes with a name, such as a CSV. */
export interface Downloads<Q extends ZodObject = ZodObject> {
  readonly kind: 'downloads'
  readonly type: string
  readonly query?: Q
}

export const downloads = <Q extends ZodObject>(type: string, query?: Q): Downloads<Q> => ({
  kind: 'downloads',
  type,
  ...(query && { query }),
})

/** What a download handler returns: `inline` only for types that cannot run. */
export interface Download {
  readonly name: string
  readonly body: AsyncIterable<string | Uint8Array> | string | Uint8Array
  readonly type?: string
  readonly inline?: boolean
}

export interface UploadRules {
  /** Field that carries the file, or those of which one does. */
  readonly field: string | readonly string[]
  readonly maxBytes: number
  readonly required?: boolean
}

export interface Takes<F extends ZodType = ZodType> {
  readonly kind: 'takes'
  readonly schema: F
  /** GET path whose page shows the form again when it has errors. The same path by default. */
  readonly page?: string
  readonly upload?: UploadRules
  /** Largest JSON or form body accepted. 100 KB by default. */
  readonly maxBytes?: number
  /** What whoever looks as somebody else does, to help, may do all the same. */
  readonly duringSupport?: true
}

/** What comes in. Unknown keys are refused: use `z.strictObject`. */
export const takes = <F extends ZodType>(
  schema: F,
  options: Omit<Takes, 'kind' | 'schema'> = {},
): Takes<F> => ({ kind: 'takes', schema, ...options })

export interface Outcome<S extends ZodType = ZodType> {
  readonly kind: 'goes-to' | 'creates' | 'answers'
  /** Where a page goes next (303). `:name` is filled from the answer, else from the path. */
  readonly path: string
  readonly schema?: S
  /** Translation key said at the top of that page. */
  readonly said?: Name
}

/** After success a page goes to `path` (303); JSON gets the object through the schema, or 204. */
export const goesTo = <S extends ZodType>(
  path: string,
  options: { schema?: S; said?: Name } = {},
): Outcome<S> => ({ kind: 'goes-to', path, ...options })

/** As `goesTo`, and JSON is answered 201, or 200 where the handler returns `already(object)`. */
export const creates = <S extends ZodType>(
  path: string,
  schema: S,
  options: { said?: Name } = {},
): Outcome<S> => ({ kind: 'creates', path, schema, ...options })

/** JSON whoever asks: for programs and sockets' companions, never for forms. */
export const answers = <S extends ZodType>(schema: S): Outcome<S> => ({
  kind: 'answers',
  path: '',
  schema,
})

const existing = new WeakSet<object>()
/** Marks what a `creates` handler returns as having been there before: 200 instead of 201. */
export function already<T extends object>(value: T): T {
  existing.add(value)
  return value
}
export const wasThere = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && existing.has(value)

/** A file that came with a form, on disk until the response ends. */
export interface UploadedFile {
  readonly path: string
  readonly name: string
  readonly size: number
  readonly sha256: string
}

/** What every handler is given. `req` and `res` are for `routes.ts` files alone. */
export interface Context {
  /** Who acts. On a route open to anyone it may be nobody: see `viewer`. */
  readonly actor: Actor
  /** Undefined where nobody has signed in. */
  readonly viewer: Actor | undefined
  readonly params: Readonly<Record<string, string>>
  readonly language: string
  readonly t: Translate
  readonly requestId: string
  readonly address: string
  readonly req: Request
  readonly res: Response
}

type Loaded<N extends string, T> = [N] extends [never] ? unknown : { readonly [K in N]: T }
type Handler<C, R> = (context: C) => Promise<R> | R

export type GetContext<N extends string, T, Q extends ZodObject> = Context &
  Loaded<N, T> & { readonly query: z.infer<Q> }
export type PostContext<N extends string, T, F extends ZodType> = Context &
  Loaded<N, T> & { readonly form: z.infer<F>; readonly file: UploadedFile | undefined }

export type Method = 'get' | 'post' | 'patch' | 'put' | 'delete'

/** A route as data: what the pipeline runs, the OpenAPI document describes and the access test walks. */
export interface Route {
  readonly method: Method
  readonly path: string
  readonly access: Access<string>
  readonly shows?: Shows | Downloads
  readonly takes?: Takes
  readonly outcome?: Outcome
  readonly handler: Handler<never, unknown>
}

/* eslint-disable max-params -- a route is one sentence: path, access, what comes in, what goes out, handler */
type Unsafe = <
  N extends string = never,
  T = unknown,
  F extends ZodType = ZodType,
  S extends ZodType = ZodType,
>(
  path: string,
  access: Access<N, T>,
  takes: Takes<F>,
  outcome: Outcome<S>,
  handler: Handler<PostContext<N, T, F>, z.input<S> | undefined | void>,
) => void

export interface RouteBuilder {
  get<
    N extends string = never,
    T = unknown,
    S extends ZodType = ZodType,
    Q extends ZodObject = ZodObject,
  >(
    path: string,
    access: Access<N, T>,
    shows: Shows<S, Q>,
    handler: Handler<GetContext<N, T, Q>, z.input<S>>,
  ): void
  get<N extends string = never, T = unknown, Q extends ZodObject = ZodObject>(
    path: string,
    access: Access<N, T>,
    downloads: Downloads<Q>,
    handler: Handler<GetContext<N, T, Q>, Download>,
  ): void
  readonly post: Unsafe
  readonly patch: Unsafe
  readonly put: Unsafe
  readonly delete: Unsafe
}

export interface RoutesOptions {
  /** `content`: only on the content origin, where there is no session. */
  readonly host?: 'app' | 'content'
}

declare module '../kernel/contract.js' {
  interface Routes {
    readonly entries: readonly Route[]
    readonly host: 'app' | 'content'
  }
}

/** Routes under one path. Each states who may use it, what it takes and what it shows. */
export function routes(
  mount: string,
  define: (route: RouteBuilder) => void,
  { host = 'app' }: RoutesOptions = {},
): Routes {
  const entries: Route[] = []
  const join = (path: string): string =>
    `${mount}${path}`.replace(/(.)\/$/, '$1').replace('//', '/')
  const unsafe =
    (method: Method): Unsafe =>
    (path, access, takes, outcome, handler) => {
      const route = { method, path: join(path), access, takes, outcome, handler }
      entries.push(route as unknown as Route)
    }
  const get = (path: string, access: unknown, shown: unknown, handler: unknown): void => {
    entries.push({ method: 'get', path: join(path), access, shows: shown, handler } as Route)
  }
  define({
    get: get as RouteBuilder['get'],
    post: unsafe('post'),
    patch: unsafe('patch'),
    put: unsafe('put'),
    delete: unsafe('delete'),
  })
  return { mount, entries, host }
}
