import { toPage } from '../../http/lists.js'
import {
  already,
  can,
  creates,
  downloads,
  goesTo,
  routes,
  shows,
  takes,
} from '../../http/routes.js'
import { applyImport } from './applying.js'
import { exampleFile } from './example.js'
import { columnsForm, nothing, importsQuery, rowsQuery, uploadForm } from './forms.js'
import { listImports, manageImports as manage } from './imports.js'
import { lettersFor } from './lettering.js'
import { importLines, importPage, newImportPage } from './presenting.js'
import { importShown, importsShown, lettersMade, newImportShown } from './shown.js'
import { onImport } from './subjects.js'
import { undoImport } from './undoing.js'
import { chooseColumns, upload } from './uploading.js'
import { importsFile, rowsFile } from './list-files.js'

const csv = { field: 'file', maxBytes: 10_000_000 }
const page = '/imports/:import'

export const importListRoutes = routes('/imports', (route) => {
  route.get(
    '/',
    can(manage),
    shows('imports:imports', importsShown, { query: importsQuery, file: importsFile }),
    async ({ actor, query, language }) => {
      const { imports, total } = await listImports(actor, query)
      return toPage(await importLines(imports, language), total, { path: '/imports', query })
    },
  )

  route.get('/new', can(manage), shows('imports:new', newImportShown), ({ actor, language }) =>
    newImportPage(actor, language),
  )

  route.get('/example.csv', can(manage), downloads('text/csv'), ({ t }) => exampleFile(t))

  route.post(
    '/',
    can(manage),
    takes(uploadForm, { page: '/imports/new', upload: csv }),
    creates('/imports/:id', importShown),
    async ({ actor, form, file, t, language }) => {
      const taken = await upload(actor, form, file)
      const shown = await importPage(taken, { page: 1 }, { t, language })
      return taken.isNew ? shown : already(shown)
    },
  )
})

export const importRoutes = routes(page, (route) => {
  route.get(
    '/',
    can(manage, onImport),
    shows('imports:import', importShown, { query: rowsQuery, file: rowsFile }),
    ({ import: given, query, t, language }) => importPage(given, query, { t, language }),
  )

  route.post(
    '/columns',
    can(manage, onImport),
    takes(columnsForm, { page }),
    goesTo(page, { said: 'imports:columns.done' }),
    ({ actor, import: given, form }) => chooseColumns(actor, given, form.columns),
  )

  route.post(
    '/apply',
    can(manage, onImport),
    takes(nothing, { page }),
    goesTo(page, { said: 'imports:import.apply-sent' }),
    ({ actor, import: given }) => applyImport(actor, given),
  )

  route.post(
    '/undo',
    can(manage, onImport),
    takes(nothing, { page }),
    goesTo(page, { said: 'imports:import.undo-sent' }),
    ({ actor, import: given }) => undoImport(actor, given),
  )
})

/** What an import leaves on paper. */
export const paperRoutes = routes(page, (route) => {
  route.post(
    '/letters',
    can(manage, onImport),
    takes(nothing, { page }),
    creates('/letters/:id', lettersMade),
    async ({ actor, import: given }) => ({ id: await lettersFor(actor, given) }),
  )
})
