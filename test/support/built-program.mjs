import { pathToFileURL } from 'node:url'
import { resolve } from 'node:path'

/** The built Palier with the demo institution; tells its parent the address, and every page with what fills its path. */
const built = (file) => import(pathToFileURL(resolve('dist/server', file)).href)
const { run } = await built('index.js')
const { loadConfig } = await built('config.js')
const { makeLink } = await built('domain/people/links.js')
const { personByEmail } = await built('domain/people/people.js')

const { app, port } = await run(loadConfig({ demo: true }), () => undefined)
const shown = await Promise.all(
  ['learner', 'manager', 'coordinator', 'trainer', 'admin'].map((name) =>
    personByEmail(`${name}@demo.palier`),
  ),
)
const learner = shown[0]._id
/** What a page is shown for first: those who look at it, and the unit that some of them share. */
const first = { person: shown.map(({ _id }) => _id), unit: [shown[0].units[0]] }
const links = {
  '/reset/:token': await makeLink('reset', learner),
  '/invitations/:token': await makeLink('invitation', learner),
  '/welcome/:token': await makeLink('first-administrator'),
}
const pages = app.tables
  .filter(({ host }) => host === 'app')
  .flatMap(({ entries }) => entries)
  .filter(({ method, shows }) => method === 'get' && shows?.kind === 'shows')
process.send({
  url: `http://localhost:${port}`,
  plugins: app.plugins.map(({ id }) => id),
  pages: await Promise.all(
    pages.map(async (route) => ({ route: route.path, paths: await pathsOf(route) })),
  ),
})
process.once('disconnect', () => process.exit(0))

async function pathsOf({ path, access }) {
  if (!path.includes(':')) return [path]
  if (links[path]) return [new URL(links[path]).pathname]
  if (!access.subject) return []
  const { name } = access.subject
  const samples = await access.subject.sample()
  return [...(first[name] ?? []), ...samples.map(({ id }) => id)]
    .map((id) => path.replace(`:${name}`, encodeURIComponent(id)))
    .filter((filled) => !filled.includes(':'))
}
