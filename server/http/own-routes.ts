import { z } from 'zod'
import type { Routes } from '../kernel/contract.js'
import { openApiOf } from './openapi.js'
import { anyone, downloads, routes, shows, type Route } from './routes.js'

const homeShown = z.object({ name: z.string().optional() })

/** The pages that belong to no feature: the home page, whose panels features bring. */
export const homeRoutes = routes('', (route) => {
  route.get('/', anyone, shows('home:home', homeShown, { panels: 'home' }), ({ viewer }) => ({
    name: (viewer as { name?: string } | undefined)?.name,
  }))
})

const apiShown = z.object({
  routes: z.array(z.object({ method: z.string(), path: z.string(), access: z.string() })),
})

/** The API's description, made from the tables it is given. */
export const apiRoutes = (tables: () => readonly Routes[], server: string): Routes =>
  routes('/api', (route) => {
    route.get('/', anyone, shows('home:api', apiShown), () => ({
      routes: tables()
        .flatMap(({ entries }) => entries)
        .map(({ method, path, access }) => ({ method, path, access: accessName(access) })),
    }))

    route.get('/openapi.json', anyone, downloads('application/json'), () => ({
      name: 'openapi.json',
      inline: true,
      body: JSON.stringify(openApiOf(tables(), server), null, 2),
    }))
  })

const accessName = (access: Route['access']): string =>
  access.kind === 'can' ? access.permission : access.kind
