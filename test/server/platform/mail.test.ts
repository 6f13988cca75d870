import { expect } from 'chai'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { now, setClock } from '../../../server/platform/clock.js'
import { JobRunModel, runDueJobs } from '../../../server/platform/jobs.js'
import {
  closeMail,
  deliverMail,
  mailGoesTo,
  sendMail,
  tryMail,
  useMail,
} from '../../../server/platform/mail.js'
import { openMailbox, type Mailbox } from '../../support/mailbox.js'
import { closeAll, enableOnly, openDatabase } from './support/database.js'

const mail = { to: 'ana@example.org', subject: 'Été', text: 'Une nouvelle.' }

describe('mail', () => {
  let mailbox: Mailbox
  let dataDir = ''

  before(async () => {
    dataDir = await openDatabase()
    enableOnly({ contributes: { jobs: [deliverMail] } })
  })
  after(async () => {
    closeMail()
    await closeAll()
  })
  beforeEach(async () => {
    mailbox = await openMailbox()
    await JobRunModel.deleteMany({})
    useMail({ smtpUrl: mailbox.smtpUrl, dataDir, publicUrl: 'https://palier.example' })
  })
  afterEach(() => mailbox.close())

  it('goes to the server once, with the address that stops its kind', async () => {
    const unsubscribe = 'https://palier.example/stop/abc'
    await sendMail({ ...mail, unsubscribe }, 'one')
    await sendMail({ ...mail, unsubscribe }, 'one')
    await runDueJobs()
    expect(mailGoesTo()).to.equal('server')
    const { received } = mailbox
    expect(received).to.have.length(1)
    expect(received[0]).to.include(`List-Unsubscribe: <${unsubscribe}>`)
    expect(received[0]).to.include('List-Unsubscribe-Post: List-Unsubscribe=One-Click')
    expect(received[0]).to.include('Auto-Submitted: auto-generated')
  })

  it('that was refused is sent again under the same Message-ID', async () => {
    mailbox.refuse(1)
    await sendMail(mail, 'two')
    await runDueJobs()
    const later = new Date(now().getTime() + 60_000)
    setClock(() => later)
    await runDueJobs()
    const ids = mailbox.received.map((message) => /^Message-ID: (.*)$/im.exec(message)?.[1])
    expect(ids).to.deep.equal(['<two@palier.example>', '<two@palier.example>'])
  })

  it('to an address that the server does not know is given up at once', async () => {
    await sendMail({ ...mail, to: 'nobody@example.org' }, 'nobody')
    await runDueJobs()
    const run = await JobRunModel.findOne({}).lean()
    expect(run).to.include({ status: 'dead', tries: 1 })
  })

  it('of a sender that the server does not want waits, and is tried again', async () => {
    mailbox.refuseSenders()
    await sendMail(mail, 'sender')
    await runDueJobs()
    const run = await JobRunModel.findOne({}).lean()
    expect(run).to.include({ status: 'waiting', tries: 1 })
  })

  it('is kept in files where there is no server', async () => {
    useMail({ smtpUrl: undefined, dataDir, publicUrl: 'http://localhost:3000' })
    expect(mailGoesTo()).to.equal('files')
    await sendMail(mail, 'digest:ana:2026-05-04')
    await runDueJobs()
    const [file] = readdirSync(join(dataDir, 'outbox'))
    expect(readFileSync(join(dataDir, 'outbox', file ?? ''), 'utf8')).to.include('ana@example.org')
  })

  it('that is tried goes at once, past the queue, and tells what the server answered', async () => {
    const answer = await tryMail(mail)
    expect(answer.outcome).to.equal('accepted')
    expect(answer.said).to.match(/^250 /)
    expect(mailbox.received).to.have.length(1)
    expect(await JobRunModel.countDocuments({})).to.equal(0)
    mailbox.refuse(1)
    expect(await tryMail(mail)).to.deep.equal({ outcome: 'refused', said: '451 busy' })
  })

  it('that is tried tells apart a server that is not there, one that is silent, and none', async () => {
    const to = (smtpUrl: string | undefined): void =>
      useMail({ smtpUrl, dataDir, publicUrl: 'https://palier.example' })
    const silent = createServer(() => undefined)
    await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done))
    const { port } = silent.address() as AddressInfo
    to(`smtp://127.0.0.1:${port}`)
    expect(await tryMail(mail, 200)).to.deep.equal({ outcome: 'silent' })
    await new Promise<void>((done) => silent.close(() => done()))
    expect(await tryMail(mail)).to.deep.equal({ outcome: 'unreachable' })
    to(undefined)
    expect(await tryMail(mail)).to.deep.equal({ outcome: 'kept-as-file' })
  })

  it('that is tried tells that an account or an address is refused, without repeating it', async () => {
    const { SMTPServer } = await import('smtp-server')
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      onAuth: (_auth, _session, done) => done(new Error('Invalid username or password')),
      onRcptTo: ({ address }, _session, done) => done(new Error(`<${address}> is unknown`)),
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const { port } = server.server.address() as AddressInfo
    const publicUrl = 'https://palier.example'
    useMail({ smtpUrl: `smtp://ana:wrong@127.0.0.1:${port}`, dataDir, publicUrl })
    expect((await tryMail(mail)).outcome).to.equal('account-refused')
    useMail({ smtpUrl: `smtp://127.0.0.1:${port}`, dataDir, publicUrl })
    const { outcome, said } = await tryMail(mail)
    expect(outcome).to.equal('address-refused')
    expect(said).to.include('is unknown').and.not.include('example.org')
    await new Promise<void>((done) => server.close(done))
  })
})
