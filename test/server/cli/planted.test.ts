import { expect } from 'chai'
import { execFile, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MongoClient } from 'mongodb'
import { SMTPServer } from 'smtp-server'
import { removeData, startPalier, type Palier } from '../../support/palier.js'
import { freePort } from '../../support/ports.js'

type Variables = Readonly<Record<string, string>>

const strong = '0123456789abcdef0123456789abcdef'
const production = {
  PUBLIC_URL: 'https://palier.invalid',
  CONTENT_URL: 'https://*.palier-content.invalid',
  SESSION_SECRET: strong,
  TRUST_PROXY: '1',
}

/** Mistakes that the environment alone makes, what doctor says of each, and what it says to do. */
const planted: readonly (readonly [string, Variables, RegExp, RegExp])[] = [
  ['a port that is no number', { PORT: 'many' }, /✘ settings +PORT/, /number from 1 to 65535/],
  ['an address without https://', { PUBLIC_URL: 'palier.example' }, /✘ settings +PUBLIC_URL/, /https:\/\//],
  ['an address with a path', { ...production, PUBLIC_URL: 'https://palier.invalid/lms' }, /✘ address .*has a path/, /host name of its own/],
  ['an address that leads nowhere', production, /✘ address +palier\.invalid leads nowhere/, /PUBLIC_URL.*DNS/],
  ['an address that is not encrypted', { ...production, PUBLIC_URL: 'http://palier.invalid' }, /✘ address .*not encrypted/, /proxy with TLS/],
  ['no proxy that is trusted', { ...production, TRUST_PROXY: '0' }, /! address +no proxy/, /TRUST_PROXY/],
  ['content on the application’s own site', { ...production, CONTENT_URL: 'https://*.courses.palier.invalid', PUBLIC_URL: 'https://www.palier.invalid' }, /✘ settings +CONTENT_URL.*another registrable domain/, /used for nothing else/],
  ['a content address that is none', { ...production, CONTENT_URL: 'content' }, /✘ settings +CONTENT_URL: content is no address/, /palier-content\.example/],
  ['content that is not encrypted', { ...production, CONTENT_URL: 'http://*.palier-content.invalid' }, /✘ content .*not encrypted/, /https:\/\/ as well/],
  ['content on this machine only', { PUBLIC_URL: production.PUBLIC_URL, SESSION_SECRET: strong }, /✘ content /, /CONTENT_URL/],
  ['a content host without a DNS record', production, /✘ content .*leads nowhere/, /DNS record for \*\.palier-content\.invalid/],
  ['no secret', { ...production, SESSION_SECRET: '' }, /✘ settings +SESSION_SECRET/, /openssl rand -hex 32/],
  ['a secret that can be guessed', { SESSION_SECRET: 'a'.repeat(40) }, /✘ secret +it has too few/, /openssl rand -hex 32/],
  ['no mail server', production, /! mail +mails are kept/, /Set SMTP_URL/],
  ['a mail server that is not there', { SMTP_URL: 'smtp://mail.invalid' }, /✘ mail /, /host, port and account/],
  ['a database that is not there', { MONGODB_URI: 'mongodb://127.0.0.1:9/?directConnection=true' }, /✘ database /, /MONGODB_URI is right/],
  ['a data folder that is emptied by a restart', production, /✘ data .*emptied/, /lasting folder/],
  ['a plugin that is not there', { PLUGINS: '/nowhere/at-all' }, /✘ plugins .*\n? *.*\/nowhere\/at-all/, /PLUGINS_DISABLED/],
  ['a plugin turned off that is none', { PLUGINS_DISABLED: 'forums' }, /✘ plugins [^→]*forums/, /Mend them/],
  ['a setting with a misspelt name', { SMPT_URL: 'smtp://mail.example' }, /! settings +SMPT_URL is no setting/, /SMTP_URL if that was meant/],
] // prettier-ignore

describe('palier doctor, where something was planted', function () {
  this.timeout(180_000)
  let dataDir: string
  const doctor = (env: Variables, before: readonly string[] = []): Promise<string> =>
    askDoctor({ DATA_DIR: dataDir, PORT: '0', ...env }, before)

  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'palier-planted-'))
  })
  afterEach(() => {
    spawnSync('umount', [dataDir], { stdio: 'ignore' })
    rmSync(dataDir, { recursive: true, force: true })
  })

  for (const [what, env, found, todo] of planted)
    it(`names ${what}, and what to do`, async () => {
      const said = await doctor(env)
      expect(said).to.match(found)
      expect(said.slice(said.search(found))).to.match(todo)
    })

  it('names another site that answers at the public address', async () => {
    const stranger = createServer((_req, res) => void res.end('hello'))
    const port = await new Promise<number>((done) => {
      stranger.listen(0, () => done((stranger.address() as AddressInfo).port))
    })
    const said = await doctor({ ...production, PUBLIC_URL: `http://0.0.0.0:${port}` })
    stranger.close()
    expect(said).to.match(/✘ address +another site answers/)
  })

  it('names a mail server that refuses the account', async () => {
    const server = new SMTPServer({
      disabledCommands: ['STARTTLS'],
      onAuth: (_auth, _session, done) => done(new Error('no')),
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const { port } = server.server.address() as AddressInfo
    const said = await doctor({ SMTP_URL: `smtp://palier:wrong@127.0.0.1:${port}` })
    await new Promise<void>((done) => server.close(done))
    expect(said).to.match(/✘ mail +the server refuses the account\n +→ .*user and password/)
  })

  it('names a secret file that others can read', async () => {
    writeFileSync(join(dataDir, 'session-secret'), strong, { mode: 0o644 })
    expect(await doctor({ SESSION_SECRET: '' })).to.match(
      /✘ secret .*open to others\n +→ chmod 600/,
    )
  })

  it('names a data folder that cannot be written', async () => {
    const file = join(dataDir, 'a-file')
    writeFileSync(file, '')
    const said = await doctor({ DATA_DIR: file, SESSION_SECRET: strong })
    expect(said).to.match(/✘ data .*\n +→ Let this user write to .*a-file/)
  })

  it('names a disk that is nearly full', async function () {
    const options = ['-t', 'tmpfs', '-o', 'size=100m', 'tmpfs', dataDir]
    if (spawnSync('mount', options).status !== 0) {
      console.log('    skipped: only root can mount a small disk')
      this.skip()
    }
    expect(await doctor({})).to.match(/✘ data .*MB free\n +→ Make room/)
  })

  it('names a port that another program has', async () => {
    const stranger = createServer((_req, res) => void res.end('hello'))
    const port = await freePort()
    await new Promise<void>((done) => stranger.listen(port, '127.0.0.1', done))
    const said = await doctor({ PORT: String(port) })
    stranger.close()
    expect(said).to.match(/✘ port .*another program.*\n +→ Stop it, or set PORT/)
  })

  it('names a clock that is behind', async () => {
    const shifted = `const D=Date;globalThis.Date=class Date extends D{constructor(...a){a.length?super(...a):super(D.now()-4e11)}}`
    const before = ['--import', `data:text/javascript,${encodeURIComponent(shifted)}`]
    expect(await doctor({}, before)).to.match(
      /✘ clock .*before this Palier was built\n +→ Set the clock/,
    )
  })

  it('names a restore that was interrupted', async () => {
    mkdirSync(join(dataDir, 'store'))
    writeFileSync(join(dataDir, 'store', 'restore.json'), '{}')
    expect(await doctor({})).to.match(/✘ database .*palier restore --resume/)
  })

  it('names few files that may be open', async () => {
    const shell = 'ulimit -n 512; exec "$0" "$@"'
    const words = ['-c', shell, process.execPath, 'server/cli/palier.mjs', 'doctor']
    const env = { ...process.env, NODE_ENV: 'development', DATA_DIR: dataDir, PORT: '0' }
    const { stdout } = spawnSync('sh', words, { encoding: 'utf8', env })
    expect(stdout).to.match(/! limits +512 open files\n +→ Set LimitNOFILE/)
  })
})

describe('palier doctor, beside a Palier whose migrations are not done', function () {
  this.timeout(180_000)
  let palier: Palier

  before(async () => {
    palier = await startPalier()
  })
  after(async () => {
    await palier.stop()
    removeData()
  })

  const withDatabase = async (act: (client: MongoClient) => Promise<unknown>): Promise<void> => {
    const socket = encodeURIComponent(join(palier.dataDir, 'store', 'store.sock'))
    const client = new MongoClient(`mongodb://${socket}/palier?directConnection=true`)
    await act(client)
    await client.close()
  }
  const doctor = (): Promise<string> => askDoctor({ DATA_DIR: palier.dataDir, PORT: '0' })

  it('names those that wait', async () => {
    await withDatabase((client) => client.db().collection('platform_migrations').deleteOne({}))
    expect(await doctor()).to.match(/! migrations +not run yet: \S+\n +→ Take a backup/)
  })

  it('names one that ended in the middle', async () => {
    const lock = { _id: 'migrations' as never, holder: 'dead', until: new Date(Date.now() - 1000) }
    await withDatabase((client) => client.db().collection('platform_locks').insertOne(lock))
    expect(await doctor()).to.match(
      /✘ migrations +one ended in the middle: \S+\n +→ .*palier migrate/,
    )
  })
})

const askDoctor = (env: Variables, before: readonly string[] = []): Promise<string> =>
  new Promise((done) => {
    const settings = { ...process.env, NODE_ENV: 'development', ...env }
    const words = [...before, 'server/cli/palier.mjs', 'doctor']
    execFile(process.execPath, words, { env: settings }, (_error, stdout) => done(stdout))
  })
