import { anyone, can, goesTo, NotFound, routes, shows, signedIn, takes } from '#core'
import { z } from 'zod'
import { slugs, type Slug } from './models.js'
import { acknowledge, currentPage, textIn, writePage } from './pages.js'

const manage = 'site-pages:manage'
const longest = 60_000

const pageShown = z.object({
  slug: z.enum(slugs),
  version: z.number().int(),
  text: z.string(),
  at: z.iso.datetime().nullable(),
})

const listShown = z.object({
  pages: z.array(pageShown.omit({ text: true })),
})

const editShown = z.object({
  slug: z.enum(slugs),
  version: z.number().int(),
  texts: z.object({ en: z.string(), fr: z.string(), es: z.string() }),
})

const text = z.string().trim().min(1).max(longest)
const editForm = z.strictObject({
  en: text,
  fr: text,
  es: text,
  version: z.coerce.number().int().min(0),
})

/** One route for each page: what anybody may read. */
export const pageRoutes = slugs.map((slug) =>
  routes(`/${slug}`, (route) => {
    route.get('/', anyone, shows('site-pages:page', pageShown), async ({ language }) => {
      const { version, texts, at } = await currentPage(slug)
      return { slug, version, text: textIn(texts, language), at: at?.toISOString() ?? null }
    })
  }),
)

export const acknowledgeRoutes = routes('/me/privacy-notice', (route) => {
  route.post(
    '/',
    signedIn(),
    takes(z.strictObject({ version: z.coerce.number().int().min(0) })),
    goesTo('/'),
    ({ actor, form }) => acknowledge(actor, form.version),
  )
})

export const editRoutes = routes('/admin/pages', (route) => {
  route.get('/', can(manage), shows('site-pages:list', listShown), async () => {
    const pages = await Promise.all(slugs.map(currentPage))
    return {
      pages: pages.map(({ slug, version, at }) => ({
        slug,
        version,
        at: at?.toISOString() ?? null,
      })),
    }
  })

  route.get('/:slug', can(manage), shows('site-pages:edit', editShown), ({ params }) =>
    currentPage(slugOf(params.slug)),
  )

  route.post(
    '/:slug',
    can(manage),
    takes(editForm),
    goesTo('/admin/pages', { said: 'site-pages:list.changed' }),
    ({ actor, params, form: { version, ...texts } }) =>
      writePage(actor, slugOf(params.slug), { version, texts }),
  )
})

function slugOf(slug: string | undefined): Slug {
  const known = slugs.find((one) => one === slug)
  if (!known) throw new NotFound()
  return known
}
