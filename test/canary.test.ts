import { expect } from 'chai'
import type { Route } from '../server/http/routes.js'
import type { Id } from '../server/kernel/contract.js'
import { personActor } from '../server/domain/people/actors.js'
import { personByEmail } from '../server/domain/people/people.js'
import { withDemo, type Program, type TestApp } from './support/app.js'
import { getPage, signIn } from './support/session.js'

const roles = ['trainer', 'coordinator', 'manager', 'learner'] as const
/** In no text of the product, and in no name of the demo. */
const words = ['Quuxwyrm', 'zzkanarie']
const delegations = ['valley-delegation', 'highlands-delegation', 'coast-delegation']

describe('a canary planted in another delegation', function () {
  this.timeout(300_000)
  let palier: TestApp
  let routes: Route[]
  let canary: Id

  before(async () => {
    palier = await withDemo()
    routes = palier.app.tables
      .filter(({ host }) => host === 'app')
      .flatMap(({ entries }) => entries)
      .filter(({ method }) => method === 'get')
    const admin = await palier.as('admin@demo.palier')
    const { json, status, text } = await admin.post('/people', {
      ...{ givenName: 'Zzkanarie', familyName: 'Quuxwyrm', language: 'en', staffNumber: 'ZZQUUX1' },
      ...{ email: 'zzkanarie.quuxwyrm@demo.palier', unit: await aFarUnit() },
    })
    expect(status, text).to.equal(201)
    canary = json.id as Id
  })

  it('is seen by an administrator of the whole institution, so that the walk below means something', async () => {
    const admin = await palier.as('admin@demo.palier')
    expect((await admin.get('/people?q=Quuxwyrm')).text).to.include('Quuxwyrm')
  })

  for (const role of roles) {
    it(`is on no page, in no JSON, frame, download or search that the ${role} gets`, async () => {
      const email = `${role}@demo.palier`
      const [cookie, program] = [await signIn(palier.url, email), await palier.as(email)]
      const sung: string[] = []
      const paths = (await Promise.all(routes.map(pathsOf))).flat()
      for (const path of paths) {
        const texts = await everyShape(path, cookie, program)
        if (texts.some(sings)) sung.push(path)
      }
      expect([...new Set(sung)]).to.deep.equal([])
    })
  }

  const sings = (text: string): boolean =>
    words.some((word) => text.toLowerCase().includes(word.toLowerCase()))

  /** Page, frame and JSON. */
  async function everyShape(path: string, cookie: string, program: Program): Promise<string[]> {
    const [page, frame, json] = await Promise.all([
      getPage(palier.url, path, cookie).then((answer) => answer.text()),
      program.get(path, { accept: 'text/html', 'turbo-frame': 'canary' }),
      program.get(path),
    ])
    return [page, frame.text, json.text]
  }

  async function pathsOf({ path, access }: Route): Promise<string[]> {
    if (!path.includes(':')) return [path, `${path}?q=zzk`, `${path}?format=csv`]
    const subject = 'subject' in access ? access.subject : undefined
    if (!subject) return [path.replace(/[:*]([a-zA-Z]+)/g, canary)]
    const ids = [canary, ...(await subject.sample()).slice(0, 2).map(({ id }) => id)]
    const paths = ids.map((id) => path.replace(/[:*]([a-zA-Z]+)/g, encodeURIComponent(id)))
    return paths.flatMap((one) => [one, `${one}?format=csv`])
  }

  /** A unit over which none of the visitors holds anything but being a learner of the institution. */
  async function aFarUnit(): Promise<Id> {
    const reached = new Set<string>()
    for (const role of roles) {
      const person = await personByEmail(`${role}@demo.palier`)
      const { grants } = await personActor(person?._id ?? '')
      for (const { role: held, over } of grants) if (held !== 'learner') reached.add(over)
    }
    const { json } = await (await palier.as('admin@demo.palier')).get('/people/new')
    const units = (json.units as { value: string }[]).map(({ value }) => value)
    const far = units.filter((unit) => ![...reached].some((over) => unit === over))
    const found = far.find((unit) => delegations.includes(unit)) ?? far.at(-1)
    if (!found) throw new Error('the demo has no unit out of reach')
    return found
  }
})
