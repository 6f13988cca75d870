import { expect } from 'chai'
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  clock,
  dataFolder,
  nodeVersion,
  port,
  secretStrength,
} from '../../../server/cli/doctor/machine.js'
import { contentHost, publicAddress } from '../../../server/cli/doctor/addresses.js'
import { bucket, mail, redis } from '../../../server/cli/doctor/services.js'
import { loadConfig, type Config } from '../../../server/config.js'
import { startBucket } from '../../support/bucket.js'
import { freePort } from '../../support/ports.js'

const strong = '0123456789abcdef0123456789abcdef'

describe('palier doctor', function () {
  this.timeout(180_000)
  let dataDir: string
  const config = (overrides: Partial<Config> = {}): Config =>
    loadConfig({ dataDir, sessionSecret: strong, ...overrides })

  before(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'palier-doctor-'))
  })
  after(() => rmSync(dataDir, { recursive: true, force: true }))

  it('prints each setting with where it came from, and hides the secrets', () => {
    const { status, stdout } = doctor({ DATA_DIR: dataDir, PORT: '0', SMTP_URL: '' })
    expect(stdout).to.match(/PORT +0 +\(environment\)/)
    expect(stdout).to.match(/SESSION_SECRET +\(hidden\) +\(kept in DATA_DIR\)/)
    expect(stdout).to.match(/SCORM_\w+ .*\(default\)|✔ plugins/)
    expect(status).to.equal(0)
  })

  it('ends with 1 and names every setting that is wrong', () => {
    const { status, stdout } = doctor({ DATA_DIR: dataDir, PORT: 'many', LOG_LEVEL: 'loud' })
    expect(status).to.equal(1)
    expect(stdout).to.include('✘ settings').and.include('PORT').and.include('LOG_LEVEL')
  })

  it('ends with 1 where a plugin cannot be loaded, and checks the rest', () => {
    const env = { DATA_DIR: dataDir, PORT: '0', PLUGINS: '/nowhere/at-all' }
    const { status, stdout } = doctor(env)
    expect(status).to.equal(1)
    expect(stdout).to.include('✘ plugins').and.include('/nowhere/at-all').and.include('✔ data')
  })

  it('tries the bucket and the Redis, where there are any', async () => {
    const closed = `127.0.0.1:${await freePort()}`
    const { s3Url, close } = await startBucket()
    const verdicts = async (overrides: Partial<Config>): Promise<string[]> => {
      const found = [await bucket(config(overrides)), await redis(config(overrides))]
      return found.flat().map(({ about, verdict }) => `${about} ${verdict}`)
    }
    expect(await verdicts({})).to.deep.equal([])
    expect(await verdicts({ s3Url })).to.deep.equal(['files good'])
    expect(await verdicts({ s3Url: s3Url.replace('/palier', '/elsewhere') })).to.deep.equal([
      'files bad',
    ])
    await close()
    expect(await verdicts({ s3Url, redisUrl: `redis://${closed}` })).to.deep.equal([
      'files bad',
      'redis bad',
    ])
  })

  it('refuses an S3_URL without an account, and hides the one it has', () => {
    const env = { DATA_DIR: dataDir, PORT: '0' }
    const refused = doctor({ ...env, S3_URL: 'https://s3.example/palier' })
    expect(refused.stdout).to.include('S3_URL: wants https://key:secret@host/bucket')
    const hidden = doctor({ ...env, S3_URL: 'http://key:much-secret@127.0.0.1:9/palier' })
    expect(hidden.stdout)
      .to.match(/S3_URL +\(hidden\)/)
      .and.not.include('much-secret')
  })

  it('knows which Node is too old', () => {
    expect(nodeVersion('20.18.3').verdict).to.equal('bad')
    expect(nodeVersion('20.19.0').verdict).to.equal('good')
    expect(nodeVersion('26.0.0').verdict).to.equal('good')
  })

  it('sees a data folder that cannot be written', () => {
    const file = join(dataDir, 'a-file')
    writeFileSync(file, '')
    expect(dataFolder(config({ dataDir: file })).verdict).to.equal('bad')
    expect(dataFolder(config()).verdict).to.not.equal('bad')
  })

  it('sees a secret that can be guessed, or read by others', () => {
    const file = join(dataDir, 'session-secret')
    writeFileSync(file, strong)
    chmodSync(file, 0o644)
    expect(secretStrength(config()).verdict).to.equal('bad')
    chmodSync(file, 0o600)
    expect(secretStrength(config()).verdict).to.equal('good')
    expect(secretStrength(config({ sessionSecret: 'a'.repeat(40) })).verdict).to.equal('bad')
  })

  it('tells another program on the port from Palier', async () => {
    const stranger = createServer((socket) =>
      socket
        .on('error', () => undefined)
        .resume()
        .end('hello\n'),
    )
    const taken = await listening(stranger)
    expect((await port(config({ port: taken }))).verdict).to.equal('bad')
    await new Promise((done) => stranger.close(done))
    expect((await port(config({ port: taken }))).verdict).to.equal('good')
  })

  it('sees a clock that is off the database’s, or before the build', () => {
    expect(clock(new Date(Date.now() - 60_000)).verdict).to.equal('bad')
    expect(clock(new Date()).verdict).to.equal('good')
  })

  it('sees a mail server that does not answer', async () => {
    const closed = createServer()
    const free = await listening(closed)
    await new Promise((done) => closed.close(done))
    const unreachable = await mail(config({ smtpUrl: `smtp://127.0.0.1:${free}` }))
    expect(unreachable.verdict).to.equal('bad')
    expect((await mail(config())).verdict).to.equal('good')
    expect((await mail({ ...config(), production: true })).verdict).to.equal('note')
  })

  it('sees addresses that lead nowhere or are not encrypted', async () => {
    const contentUrl = 'https://*.content.invalid'
    expect((await contentHost({ ...config(), contentUrl })).verdict).to.equal('bad')
    expect((await contentHost(config())).verdict).to.equal('good')
    const open = { ...config(), production: true, publicUrl: 'http://palier.example' }
    expect(publicAddress(open).verdict).to.equal('bad')
    expect(publicAddress({ ...open, publicUrl: 'https://palier.example' }).verdict).to.equal('note')
  })
})

const doctor = (env: Readonly<Record<string, string>>) =>
  spawnSync(process.execPath, ['server/cli/palier.mjs', 'doctor'], {
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'development', ...env },
  })

const listening = (server: Server): Promise<number> =>
  new Promise((done) => {
    server.listen(0, '127.0.0.1', () => done((server.address() as AddressInfo).port))
  })
