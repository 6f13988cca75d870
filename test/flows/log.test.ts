import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { SMTPServer } from 'smtp-server'
import { removeData, startPalier, type Palier } from '../support/palier.js'
import { postForm, signIn } from '../support/session.js'

/** Words that stand nowhere but in what this visitor types. */
const words = {
  name: 'Zyxomena',
  family: 'Quabbelstein',
  email: 'zyxomena.quabbelstein@nowhere-else.example',
  search: 'whirlpooledthought',
  password: 'unmistakable-Passw0rd',
  token: 'TokenThatIsNobodysBusiness0123456789abcdefg',
} as const

interface Line {
  readonly requestId?: string
  readonly route?: string
  readonly job?: string
  readonly msg: string
}

describe('the log', function () {
  this.timeout(180_000)
  let palier: Palier
  let mail: SMTPServer

  before(async () => {
    mail = await refusingByName()
    const { port } = mail.server.address() as AddressInfo
    const env = { LOG_LEVEL: 'trace', SMTP_URL: `smtp://127.0.0.1:${port}` }
    palier = await startPalier({ env })
    await visit(palier.url)
    while (!palier.output().includes('"a job failed"')) await wait(200)
  })
  after(async () => {
    await palier.stop()
    await new Promise<void>((done) => mail.close(done))
    removeData()
  })

  const lines = (): string[] =>
    palier
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'))
  const parsed = (): Line[] => lines().map((line) => JSON.parse(line) as Line)

  it('names neither who came nor what was typed', () => {
    const said = lines().join('\n').toLowerCase()
    for (const [what, word] of Object.entries(words)) {
      expect(said.includes(word.toLowerCase()), what).to.equal(false)
      expect(said.includes(encodeURIComponent(word).toLowerCase()), what).to.equal(false)
    }
    expect(said).to.not.match(/@[a-z]|(\d{1,3}\.){3}\d{1,3}|[?&]\w+=|\bsid=|bearer/)
  })

  it('has one line for each request, under the id that was answered with it', async () => {
    const { headers } = await fetch(`${palier.url}/sign-in?next=%2F${words.search}`)
    const id = headers.get('x-request-id')
    await wait(100)
    const [line, ...others] = parsed().filter(({ requestId }) => requestId === id)
    expect(line).to.include({ msg: 'request', route: '/sign-in', method: 'GET', status: 200 })
    expect(others).to.deep.equal([])
  })

  it('says of what fails to which job it belongs, and how the server refused', () => {
    const failed = parsed().find(({ msg }) => msg === 'a job failed')
    expect(failed).to.have.nested.property('err.code', 550)
    expect(failed?.job).to.match(/^(people:send-link|platform:deliver-mail)$/)
  })

  it('leaves the greeting whole', () => {
    const at = palier.output().split('\n')
    const from = at.findIndex((line) => line.includes('Palier is ready at'))
    const to = at.findIndex((line) => line.includes('Data is kept in'))
    expect(at.slice(from, to).filter((line) => line.startsWith('{'))).to.deep.equal([])
  })
})

/** A visit with everything that people type, right and wrong. */
async function visit(url: string): Promise<void> {
  const { name, family, email, search, password, token } = words
  const admin = await signIn(url, 'admin@demo.palier')
  const page = (path: string): Promise<unknown> =>
    fetch(url + path, { headers: { cookie: admin, 'user-agent': name, referer: url + search } })
  await postForm(url, '/sign-in', { email, password })
  await page(`/search?q=${search}`)
  await page(`/people?q=${name}+${family}`)
  await page(`/nowhere/${search}`)
  for (const path of ['/reset', '/invitations', '/respond', '/people'])
    await page(`${path}/${token}`)
  await page('/%E0%A4%A')
  await fetch(`${url}/people`, { headers: { authorization: `Bearer ${token}` } })
  const person = { givenName: name, familyName: family, email, unit: await unitOf(url, admin) }
  for (const status of [303, 409]) {
    const form = { ...person, id: randomUUID(), invite: 'true' }
    expect((await postForm(url, '/people', form, admin)).status).to.equal(status)
  }
  await fetch(`${url}/sign-in`, {
    method: 'POST',
    body: `{"email":"${email}", "password": ${password}`,
    headers: { 'content-type': 'application/json', origin: url },
  })
  await postForm(url, '/reset', { email: 'learner@demo.palier' })
}

async function unitOf(url: string, cookie: string): Promise<string> {
  const html = await (await fetch(`${url}/people/new`, { headers: { cookie } })).text()
  return /<option value="([^"]+)"/.exec(html.split('name="unit"')[1] ?? '')?.[1] ?? ''
}

/** A mail server whose refusal names whom it refuses, as they do. */
async function refusingByName(): Promise<SMTPServer> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo({ address }, _session, done) {
      const said = `no ${words.name} ${words.family} (${address}) here`
      done(Object.assign(new Error(said), { responseCode: 550 }))
    },
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return server
}
