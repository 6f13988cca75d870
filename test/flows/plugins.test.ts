import { expect } from 'chai'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { signIn, speak } from '../support/session.js'
import { removeData, startPalier, type Palier } from '../support/palier.js'

const program = resolve('server/cli/palier.mjs')
const shipped = readdirSync('plugins')

describe('a plugin from outside', function () {
  this.timeout(180_000)
  const workshop = mkdtempSync(join(tmpdir(), 'palier-outside-'))
  const folder = join(workshop, 'field-notes')
  let palier: Palier
  let learner: Ask
  let admin: Ask

  before(async () => {
    execFileSync(process.execPath, [program, 'plugin:new', 'field-notes', '--in', workshop])
    palier = await startPalier({ env: { PLUGINS: folder } })
    learner = asker(palier, 'learner@demo.palier')
    admin = asker(palier, 'admin@demo.palier')
  })
  after(async () => {
    await palier?.stop()
    removeData()
    rmSync(workshop, { recursive: true, force: true })
  })

  it('adds a page, as HTML and as JSON', async () => {
    const page = await learner('/field-notes', 'text/html')
    expect(page.status).to.equal(200)
    expect(page.text).to.include('<h1>An example page</h1>')
    expect((await learner('/field-notes')).json).to.have.property('name')
  })

  it('adds an entry to the rail and a panel to the home page', async () => {
    const { text } = await learner('/', 'text/html')
    expect(text).to.match(/<a[^>]*href="\/field-notes"[^>]*>/)
    expect(text).to.include('Written by palier plugin:new.')
  })

  it('says its texts in the reader’s language', async () => {
    const french = asker(palier, 'learner@demo.palier', 'fr')
    const { text } = await french('/field-notes', 'text/html')
    expect(text).to.include('Une page d’exemple')
  })

  it('adds a permission that decides who sees its page', async () => {
    const anonymous = await fetch(new URL('/field-notes', palier.url), {
      headers: { accept: 'application/json' },
    })
    expect(anonymous.status).to.equal(401)
  })

  it('adds a job and a kind of evidence, and says so in the live registry', async () => {
    const { json } = await admin('/admin/plugins')
    const own = (json as Registry).plugins.find(({ id }) => id === 'field-notes')
    expect(own?.contributes).to.deep.include({
      permissions: ['field-notes:read'],
      jobs: ['field-notes:tidy'],
      evidence: ['field-notes:noted'],
    })
    const jobs = (await admin('/admin/jobs?limit=100')).json as { items: { job: string }[] }
    expect(jobs.items.map(({ job }) => job)).to.include('field-notes:tidy')
  })

  it('is described with the rest of the API', async () => {
    const { json } = await learner('/api/openapi.json')
    expect((json as { paths: object }).paths).to.have.property('/field-notes')
  })

  it('has changed nothing in the program', () => {
    const { stdout } = spawnSync('git', ['status', '--porcelain', 'server'], { encoding: 'utf8' })
    expect(stdout).to.not.include('field-notes')
  })
})

describe('a plugin that is turned off', function () {
  this.timeout(180_000)
  after(removeData)

  for (const disabled of [...shipped, shipped.join(',')]) {
    it(`leaves the rest going on: ${disabled}`, async () => {
      const palier = await startPalier({ env: { PLUGINS_DISABLED: disabled } })
      try {
        const manager = asker(palier, 'manager@demo.palier')
        for (const path of ['/', '/me', '/courses', '/people', '/units', '/notifications']) {
          const { status, text } = await manager(path, 'text/html')
          expect(status, `${path}\n${text.slice(0, 300)}`).to.equal(200)
        }
        const admin = asker(palier, 'admin@demo.palier')
        const { plugins } = (await admin('/admin/plugins')).json as Registry
        expect(plugins.map(({ id }) => id)).to.not.include.members(disabled.split(','))
        expect(palier.output()).to.not.match(/"level":(50|60)/)
      } finally {
        await palier.stop()
      }
    })
  }
})

describe('a broken plugin', function () {
  this.timeout(180_000)
  const workshop = mkdtempSync(join(tmpdir(), 'palier-broken-'))
  after(() => rmSync(workshop, { recursive: true, force: true }))

  it('stops the start, and every problem of every plugin is named at once', () => {
    const broken = plugin(workshop, 'does-not-compile', 'export default {{{')
    const misnamed = plugin(
      workshop,
      'misnamed',
      `export default { id: 'misnamed', contributes: { permissions: [{ id: 'forum:stolen', roles: [] }] } }`,
    )
    const throws = plugin(workshop, 'throws', `throw new Error('it cannot be imported')`)
    const { status, stderr } = spawnSync(process.execPath, [program, 'start'], {
      encoding: 'utf8',
      timeout: 60_000,
      env: {
        ...process.env,
        NODE_ENV: 'development',
        PORT: '0',
        DATA_DIR: join(workshop, 'data'),
        PLUGINS: [broken, misnamed, throws, join(workshop, 'nowhere')].join(','),
        PLUGINS_DISABLED: 'no-such-plugin',
      },
    })
    expect(status).to.equal(1)
    for (const named of ['does-not-compile', 'forum:stolen', 'throws', 'nowhere', 'no-such-plugin'])
      expect(stderr).to.include(named)
  })
})

interface Registry {
  readonly plugins: readonly {
    readonly id: string
    readonly contributes: Readonly<Record<string, readonly string[]>>
  }[]
}

interface Answered {
  readonly status: number
  readonly text: string
  readonly json: unknown
}

type Ask = (path: string, accept?: string) => Promise<Answered>

/** Asks as a person does who signed in once and chose a language. */
function asker({ url }: Palier, email: string, language = 'en'): Ask {
  let cookie: string | undefined
  return async (path, accept = 'application/json') => {
    if (!cookie) await speak(url, (cookie = await signIn(url, email)), language)
    const headers = { accept, cookie }
    const answer = await fetch(new URL(path, url), { headers, redirect: 'manual' })
    const text = await answer.text()
    return {
      status: answer.status,
      text,
      get json() {
        return JSON.parse(text) as unknown
      },
    }
  }
}

function plugin(workshop: string, id: string, index: string): string {
  const folder = join(workshop, id)
  mkdirSync(folder)
  writeFileSync(join(folder, 'index.ts'), index)
  return folder
}
