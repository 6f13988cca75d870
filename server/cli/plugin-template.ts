/** The files of a new plugin, by path in its folder. Each shows one seam; what is not needed is deleted. */
export function pluginFiles(id: string): Readonly<Record<string, string>> {
  return {
    'index.ts': index(id),
    'routes.ts': routes(id),
    'jobs.ts': jobs(id),
    'evidence.ts': evidence(id),
    'views/page.ejs': page(id),
    'views/panel.ejs': panel(id),
    'locales/en.json': texts(
      'Example',
      'An example page',
      'Written by palier plugin:new.',
      'Noted by hand',
    ),
    'locales/fr.json': texts(
      'Exemple',
      'Une page d’exemple',
      'Écrite par palier plugin:new.',
      'Relevé à la main',
    ),
    'locales/es.json': texts(
      'Ejemplo',
      'Una página de ejemplo',
      'Escrita por palier plugin:new.',
      'Anotado a mano',
    ),
    'test/page.test.ts': test(id),
    'README.md': `# ${id}\n\nWhat it is for, what it brings, which events it listens to.\n`,
  }
}

const index = (id: string): string => `import { definePlugin } from '#core'
import { noted } from './evidence.js'
import { tidy } from './jobs.js'
import { pageRoutes } from './routes.js'

/** One sentence: what this plugin is for. */
export default definePlugin({
  id: '${id}',
  routes: [pageRoutes],
  contributes: {
    permissions: [{ id: '${id}:read', roles: ['learner'] }],
    nav: [{ label: '${id}:page.nav', href: '/${id}', icon: 'puzzle', needs: '${id}:read', order: 90 }],
    panels: [{ place: 'home', view: '${id}:panel', needs: '${id}:read', order: 90, load: async () => ({}) }],
    jobs: [tidy],
    evidence: [noted],
  },
})
`

const routes = (id: string): string => `import { can, routes, shows } from '#core'
import { z } from 'zod'

const pageShown = z.object({ name: z.string() })

export const pageRoutes = routes('/${id}', (route) => {
  route.get('/', can('${id}:read'), shows('${id}:page', pageShown), ({ actor }) => ({ name: actor.name }))
})
`

const jobs = (id: string): string => `import { logger, type Job } from '#core'

/** Runs once a day, on one process. */
export const tidy: Job = {
  id: '${id}:tidy',
  every: '1 day',
  run: async () => logger.info('${id} is tidy'),
}
`

const evidence = (id: string): string => `import type { EvidenceKind } from '#core'

/** A kind of evidence this plugin may add with \`addEvidence\`. */
export const noted: EvidenceKind = {
  id: '${id}:noted',
  kind: 'appraisal',
  label: '${id}:evidence.noted',
}
`

const page = (id: string): string => `<% l.page({ title: l.t('${id}:page.title') }) %>
<%- include('core:heading', { title: l.t('${id}:page.title'), lead: l.t('${id}:page.lead') }) %>
<p><%= l.shown.name %></p>
`

const panel = (id: string): string => `<section class="card">
<h2><a href="/${id}"><%= l.t('${id}:page.title') %></a></h2>
<p><%= l.t('${id}:page.lead') %></p>
</section>
`

function texts(nav: string, title: string, lead: string, noted: string): string {
  return `${JSON.stringify({ page: { nav, title, lead }, evidence: { noted } }, null, 2)}\n`
}

const test = (id: string): string => `import { expect } from 'chai'
import plugin from '../index.js'

describe('${id}', () => {
  it('prefixes what it brings with its name', () => {
    const names = plugin.contributes?.permissions?.map((permission) => permission.id)
    expect(names).to.deep.equal(['${id}:read'])
  })
})
`
