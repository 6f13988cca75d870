import { expect } from 'chai'
import type { Route } from '../server/http/routes.js'
import type { Id } from '../server/kernel/contract.js'
import { contributions } from '../server/kernel/plugins.js'
import { personActor } from '../server/domain/people/actors.js'
import { personByEmail } from '../server/domain/people/people.js'
import { raw } from './support/raw.js'
import { signIn } from './support/session.js'
import { withDemo, type Program, type TestApp } from './support/app.js'

const roles = ['admin', 'trainer', 'coordinator', 'manager', 'learner'] as const

interface Visitor {
  readonly email: string
  readonly person: Id
  readonly grants: readonly { role: string; over: string; of?: string }[]
  readonly program: Program
}

/** What the declared access alone says, worked out apart from `may` and from the scope's filters. */
type Verdict = 'passes' | 'refused' | 'unsaid'

describe('every route', function () {
  this.timeout(300_000)
  let palier: TestApp
  let routes: Route[]
  const visitors: Visitor[] = []

  before(async () => {
    palier = await withDemo()
    routes = palier.app.tables
      .filter(({ host }) => host === 'app')
      .flatMap(({ entries }) => entries)
    for (const role of roles) {
      const email = `${role}@demo.palier`
      const person = (await personByEmail(email))?._id ?? ''
      const { grants } = await personActor(person)
      visitors.push({ email, person, grants: [...grants], program: await palier.as(email) })
    }
  })

  it('is known, and there are many', () => {
    expect(routes.length).to.be.above(40)
  })

  it('asks for a sign-in, unless it says it is open', async () => {
    const wrong: string[] = []
    for (const route of routes.filter(
      ({ access }) => access.kind === 'signed-in' || access.kind === 'can',
    )) {
      const { status } = await ask(palier.anonymous, route, anId)
      if (status !== 401) wrong.push(`${name(route)}: ${status}`)
    }
    expect(wrong).to.deep.equal([])
  })

  it('without a subject lets pass the roles of its permission, and nobody else', async () => {
    const wrong: string[] = []
    for (const route of routes) {
      const { access } = route
      if (access.kind !== 'can' || access.subject) continue
      for (const visitor of visitors) {
        const { status } = await ask(visitor.program, route, anId)
        const passes =
          visitor.grants.some(({ role }) => rolesOf(access.permission).has(role)) ||
          rolesOf(access.permission).has('self')
        if (passes === (status === 403) || status >= 500)
          wrong.push(`${name(route)} ${visitor.email}: ${status}`)
      }
    }
    expect(wrong).to.deep.equal([])
  })

  it('with a subject shows what is within reach, and hides what is not', async () => {
    const wrong: string[] = []
    for (const route of routes) {
      if (!('subject' in route.access) || !route.access.subject) continue
      for (const sample of await route.access.subject.sample()) {
        wrong.push(...(await misjudged(route, sample, visitors)))
      }
    }
    expect(wrong).to.deep.equal([])
  })
})

describe('every route of the content host', function () {
  this.timeout(300_000)

  it('is judged by its token alone: neither a session nor a Bearer token opens it', async () => {
    const palier = await withDemo()
    const { port } = new URL(palier.url)
    const host = `${'a'.repeat(32)}.content.localhost:${port}`
    const cookie = await signIn(palier.url, 'admin@demo.palier')
    const admin = await palier.as('admin@demo.palier')
    const { token } = (await admin.post('/me/tokens', { label: 'content' })).json
    const entries = palier.app.tables
      .filter(({ host: of }) => of === 'content')
      .flatMap(({ entries: all }) => all)
    const wrong: string[] = []
    for (const route of entries) {
      if (!['token', 'anyone'].includes(route.access.kind)) wrong.push(`${name(route)} asks who`)
      for (const proof of [{ cookie }, { authorization: `Bearer ${token as string}` }]) {
        const headers = { host, accept: 'application/json', 'content-type': 'application/json' }
        const { status } = await raw(palier.url, {
          method: route.method.toUpperCase(),
          path: route.path.replace(/[:*]([a-zA-Z]+)/g, anId),
          headers: { ...headers, 'sec-fetch-site': 'same-origin', ...proof },
          ...(route.method !== 'get' && { body: '{}' }),
        })
        if (status < 400 || status >= 500) wrong.push(`${name(route)}: ${status}`)
      }
    }
    expect(wrong).to.deep.equal([])
  })
})

const anId = '00000000-0000-4000-8000-000000000000'
const name = ({ method, path }: Route): string => `${method.toUpperCase()} ${path}`

function rolesOf(permission: string): Set<string> {
  return new Set(
    contributions('permissions')
      .filter(({ id }) => id === permission)
      .flatMap((p) => p.roles),
  )
}

type Sample = Awaited<
  ReturnType<NonNullable<Extract<Route['access'], { kind: 'can' }>['subject']>['sample']>
>[number]

function verdictFor(route: Route, sample: Sample, { person, grants }: Visitor): Verdict {
  if (route.access.kind !== 'can') return 'unsaid'
  const allowed = rolesOf(route.access.permission)
  const owner = sample.owners?.includes(person) && grants.some(({ role }) => allowed.has(role))
  const self = allowed.has('self') && sample.person === person
  const held = grants.some(
    ({ role, over, of = person }) =>
      allowed.has(role) &&
      (over === 'reports' ? sample.manager === of : Boolean(sample.units?.includes(over))),
  )
  return owner || self || held ? 'passes' : 'refused'
}

async function misjudged(route: Route, sample: Sample, visitors: readonly Visitor[]) {
  const wrong: string[] = []
  for (const visitor of visitors) {
    const verdict = verdictFor(route, sample, visitor)
    const { status } = await ask(visitor.program, route, sample.id)
    if (fits(verdict, status)) continue
    wrong.push(`${name(route)} ${visitor.email} on ${sample.id}: ${status}, wanted ${verdict}`)
  }
  return wrong
}

/** Whoever passes may still be told that the form is wrong; nobody else gets anything but 403 or 404. */
function fits(verdict: Verdict, status: number): boolean {
  if (verdict === 'refused') return status === 403 || status === 404
  return status < 500 && (verdict === 'unsaid' || ![401, 403, 404].includes(status))
}

/** Unsafe routes are asked with an empty form: access is judged before it is read. */
function ask(program: Program, { method, path }: Route, id: string) {
  const filled = path.replace(/[:*]([a-zA-Z]+)/g, id)
  if (method === 'get') return program.get(filled)
  return program.send(method.toUpperCase(), filled, '{"nobody knows this field": true}', {
    'content-type': 'application/json',
    accept: 'application/json',
  })
}
