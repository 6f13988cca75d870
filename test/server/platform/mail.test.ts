import { expect } from 'chai'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'
import { now, setClock } from '../../../server/platform/clock.js'
import { JobRunModel, runDueJobs } from '../../../server/platform/jobs.js'
import {
  closeMail,
  deliverMail,
  mailGoesTo,
  sendMail,
  useMail,
} from '../../../server/platform/mail.js'
import { closeAll, enableOnly, openDatabase } from './support/database.js'

const mail = { to: 'ana@example.org', subject: 'Été', text: 'Une nouvelle.' }

describe('mail', () => {
  const received: string[] = []
  let refusals = 0
  let dataDir = ''
  let server: SMTPServer

  before(async () => {
    dataDir = await openDatabase()
    enableOnly({ contributes: { jobs: [deliverMail] } })
    server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData(stream, _session, done) {
        void text(stream).then((message) => {
          received.push(message)
          refusals -= 1
          done(refusals >= 0 ? Object.assign(new Error('busy'), { responseCode: 451 }) : null)
        })
      },
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  })
  after(async () => {
    closeMail()
    await new Promise<void>((done) => server.close(done))
    await closeAll()
  })
  beforeEach(async () => {
    received.length = 0
    refusals = 0
    await JobRunModel.deleteMany({})
    const { port } = server.server.address() as AddressInfo
    useMail({ smtpUrl: `smtp://127.0.0.1:${port}`, dataDir, publicUrl: 'https://palier.example' })
  })

  it('goes to the server once, with the address that stops its kind', async () => {
    const unsubscribe = 'https://palier.example/stop/abc'
    await sendMail({ ...mail, unsubscribe }, 'one')
    await sendMail({ ...mail, unsubscribe }, 'one')
    await runDueJobs()
    expect(mailGoesTo()).to.equal('server')
    expect(received).to.have.length(1)
    expect(received[0]).to.include(`List-Unsubscribe: <${unsubscribe}>`)
    expect(received[0]).to.include('List-Unsubscribe-Post: List-Unsubscribe=One-Click')
    expect(received[0]).to.include('Auto-Submitted: auto-generated')
  })

  it('that was refused is sent again under the same Message-ID', async () => {
    refusals = 1
    await sendMail(mail, 'two')
    await runDueJobs()
    const later = new Date(now().getTime() + 60_000)
    setClock(() => later)
    await runDueJobs()
    const ids = received.map((message) => /^Message-ID: (.*)$/im.exec(message)?.[1])
    expect(ids).to.deep.equal(['<two@palier.example>', '<two@palier.example>'])
  })

  it('is kept in files where there is no server', async () => {
    useMail({ smtpUrl: undefined, dataDir, publicUrl: 'http://localhost:3000' })
    expect(mailGoesTo()).to.equal('files')
    await sendMail(mail, 'digest:ana:2026-05-04')
    await runDueJobs()
    const [file] = readdirSync(join(dataDir, 'outbox'))
    expect(readFileSync(join(dataDir, 'outbox', file ?? ''), 'utf8')).to.include('ana@example.org')
  })
})
