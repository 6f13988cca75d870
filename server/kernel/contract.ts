/** Nouns: what a plugin brings. One key per extension point; each feature opens its own. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- opened by declaration merging
export interface Contributions {}

/** Verbs, past tense: facts, announced once they are stored. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- opened by declaration merging
export interface Events {}

/** Values that plugins may reshape before they are used. Rare: added when a second plugin asks. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- opened by declaration merging
export interface Filters {}

/** Who acts. Every function that touches what belongs to people takes one; `people` says what it holds. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- opened by declaration merging
export interface Actor {}

/** A group of routes under one path. `http` says what a route is. */
export interface Routes {
  readonly mount: string
}

export type Id = string
/** `plugin:name`, the one form of every identifier. */
export type Name = `${string}:${string}`

type Awaitable<T> = Promise<T> | T

export interface Plugin {
  /** Folder name in kebab-case. Prefixes every name the plugin owns. */
  readonly id: string
  /** Plugins that must be enabled. Values may be imported from their `contract.ts`. */
  readonly requires?: readonly string[]
  /** Plugins used when enabled. Only types may be imported from their `contract.ts`. */
  readonly enhances?: readonly string[]
  readonly routes?: readonly Routes[]
  readonly contributes?: { readonly [K in keyof Contributions]?: readonly Contributions[K][] }
  readonly on?: { readonly [E in keyof Events]?: (event: Events[E]) => Awaitable<void> }
  readonly filters?: {
    readonly [F in keyof Filters]?: (value: Filters[F]) => Awaitable<Filters[F]>
  }
  /** Opens what must be open before the first request. Runs in load order. */
  start?(): Awaitable<void>
  /** Closes it again. Runs in reverse order. */
  stop?(): Awaitable<void>
}

/** Checks a plugin against the contract, and changes nothing. */
export const definePlugin = (plugin: Plugin): Plugin => plugin
