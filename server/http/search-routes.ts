import { z } from 'zod'
import type { Actor, Name } from '../kernel/contract.js'
import { contributions } from '../kernel/plugins.js'
import type { Translate } from '../platform/i18n.js'
import { wordsOf } from '../platform/words.js'
import { routes, shows, signedIn } from './routes.js'

/** One thing found: what it is called, where it is, and what tells it from others of the same name. */
export interface Found {
  readonly title: string
  readonly href: string
  readonly detail?: string | undefined
}

/** Who searches, for what, and in which language the answer is written. */
export interface Search {
  readonly actor: Actor
  /** At least one word. */
  readonly q: string
  readonly language: string
  readonly t: Translate
}

/** A kind of thing that can be searched. It finds what the actor may see, and a handful of it. */
export interface SearchSource {
  readonly id: Name
  /** Translation key of its heading. */
  readonly label: Name
  readonly icon: string
  readonly order: number
  find(search: Search): Promise<Found[]>
}

declare module '../kernel/contract.js' {
  interface Contributions {
    search: SearchSource
  }
}

/** How many things of a kind are shown. */
export const mostFound = 8

const found = z.object({ title: z.string(), href: z.string(), detail: z.string().optional() })

const searchShown = z.object({
  q: z.string(),
  groups: z.array(z.object({ label: z.string(), icon: z.string(), items: z.array(found) })),
})

/** One search over everything that features let be searched. */
export const searchRoutes = routes('/search', (route) => {
  route.get(
    '/',
    signedIn(),
    shows('home:search', searchShown, {
      query: z.object({ q: z.string().trim().max(100).default('') }),
    }),
    async ({ actor, language, t, query: { q } }) => {
      const sources =
        wordsOf(q).length > 0 ? contributions('search').toSorted((a, b) => a.order - b.order) : []
      const groups = await Promise.all(
        sources.map(async ({ label, icon, find }) => ({
          ...{ label, icon },
          items: (await find({ actor, q, language, t })).slice(0, mostFound),
        })),
      )
      return { q, groups: groups.filter(({ items }) => items.length > 0) }
    },
  )
})
