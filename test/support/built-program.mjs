import { pathToFileURL } from 'node:url'
import { resolve } from 'node:path'

/** The built Palier with the demo institution; tells its parent the address, and every page with what fills its path. */
const built = (file) => import(pathToFileURL(resolve('dist/server', file)).href)
const { run } = await built('index.js')
const { loadConfig } = await built('config.js')
const { makeLink } = await built('domain/people/links.js')
const { personByEmail } = await built('domain/people/people.js')

const { app, port } = await run(loadConfig({ demo: true }), () => undefined)
const learner = (await personByEmail('learner@demo.palier'))._id
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
  const samples = await access.subject.sample()
  return samples
    .map(({ id }) => path.replace(`:${access.subject.name}`, encodeURIComponent(id)))
    .filter((filled) => !filled.includes(':'))
}
