import {
  already,
  can,
  creates,
  downloads,
  goesTo,
  routes,
  shows,
  signedIn,
  takes,
} from '../../http/routes.js'
import {
  createFramework,
  discardDraft,
  draftNextVersion,
  publishDraft,
  starts,
} from './drafting.js'
import { exportFramework, importFramework } from './exchange.js'
import { newFrameworkForm, nothing, titlesOf } from './forms.js'
import { frameworkLine, frameworkPage } from './framework-pages.js'
import {
  draftCreated,
  frameworkShown,
  frameworksShown,
  newFrameworkShown,
} from './framework-shown.js'
import { knownFrameworks, manageFrameworks as manage, type Framework } from './frameworks.js'
import { onFramework } from './subjects.js'

const edit = '/competencies/:framework/edit'
const page = '/competencies/:framework'
const csv = { field: 'file', maxBytes: 4_000_000 }

export const frameworkRoutes = routes('/competencies', (route) => {
  route.get(
    '/',
    signedIn(),
    shows('competencies:frameworks', frameworksShown),
    async ({ actor, language }) => ({
      frameworks: (await knownFrameworks(actor)).map((one) => frameworkLine(one, language)),
    }),
  )

  route.get('/new', can(manage), shows('competencies:new', newFrameworkShown), () => ({
    starts: [...starts],
  }))

  route.post(
    '/',
    can(manage),
    takes(newFrameworkForm, { page: '/competencies/new' }),
    creates('/competencies/:id/edit', draftCreated, { said: 'competencies:drafts.created' }),
    async ({ actor, form: { id, slug, start, ...titles } }) =>
      answer(await createFramework(actor, { id, slug, start, title: titlesOf(titles) })),
  )

  route.get(
    '/:framework',
    signedIn(onFramework),
    shows('competencies:framework', frameworkShown),
    ({ actor, framework, language }) => frameworkPage(actor, framework, language),
  )
})

/** What becomes of a version, and its table. */
export const versionRoutes = routes('/competencies', (route) => {
  route.get(
    '/:framework/export.csv',
    can(manage, onFramework),
    downloads('text/csv'),
    ({ framework }) => exportFramework(framework),
  )

  route.post(
    '/:framework/import',
    can(manage, onFramework),
    takes(nothing, { page: edit, upload: csv }),
    goesTo(edit, { said: 'competencies:drafts.imported' }),
    ({ actor, framework, file }) => importFramework(actor, framework, file),
  )

  route.post(
    '/:framework/versions',
    can(manage, onFramework),
    takes(nothing, { page }),
    creates('/competencies/:id/edit', draftCreated, { said: 'competencies:drafts.created' }),
    async ({ actor, framework }) => answer(await draftNextVersion(actor, framework)),
  )

  route.post(
    '/:framework/publish',
    can(manage, onFramework),
    takes(nothing, { page: edit }),
    goesTo(page, { said: 'competencies:drafts.published' }),
    ({ actor, framework }) => publishDraft(actor, framework),
  )

  route.post(
    '/:framework/discard',
    can(manage, onFramework),
    takes(nothing, { page: edit }),
    goesTo('/competencies', { said: 'competencies:drafts.discarded' }),
    ({ actor, framework }) => discardDraft(actor, framework),
  )
})

function answer({ _id: id, slug, status, isNew }: Framework & { readonly isNew: boolean }) {
  const shown = { id, slug, status }
  return isNew ? shown : already(shown)
}
