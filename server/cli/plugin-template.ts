/** The files of a new plugin, by path in its folder. Each shows one seam; what is not needed is deleted. */
export function pluginFiles(id: string): Readonly<Record<string, string>> {
  return {
    'index.ts': index(id),
    'routes.ts': routes(id),
    'jobs.ts': jobs(id),
    'evidence.ts': evidence(id),
    'views/page.ejs': page(id),
    'views/panel.ejs': panel(id),
    'locales/en.json': json(texts.en),
    'locales/fr.json': json(texts.fr),
    'locales/es.json': json(texts.es),
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

const texts = {
  en: {
    page: { nav: 'Example', title: 'An example page', lead: 'Written by palier plugin:new.' },
    evidence: { noted: 'Noted by hand' },
    feature: 'Example',
    permissions: { read: 'Read the example' },
  },
  fr: {
    page: { nav: 'Exemple', title: 'Une page d’exemple', lead: 'Écrite par palier plugin:new.' },
    evidence: { noted: 'Relevé à la main' },
    feature: 'Exemple',
    permissions: { read: 'Lire l’exemple' },
  },
  es: {
    page: {
      nav: 'Ejemplo',
      title: 'Una página de ejemplo',
      lead: 'Escrita por palier plugin:new.',
    },
    evidence: { noted: 'Anotado a mano' },
    feature: 'Ejemplo',
    permissions: { read: 'Leer el ejemplo' },
  },
}

const json = (value: object): string => `${JSON.stringify(value, null, 2)}\n`

const test = (id: string): string => `import { expect } from 'chai'
import plugin from '../index.js'

describe('${id}', () => {
  it('prefixes what it brings with its name', () => {
    const names = plugin.contributes?.permissions?.map((permission) => permission.id)
    expect(names).to.deep.equal(['${id}:read'])
  })
})
`
