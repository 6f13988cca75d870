import { expect } from 'chai'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { now, setClock } from '../../../server/platform/clock.js'
import { JobRunModel, runDueJobs } from '../../../server/platform/jobs.js'
import {
  closeMail,
  deliverMail,
  mailGoesTo,
  sendMail,
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

  it('is kept in files where there is no server', async () => {
    useMail({ smtpUrl: undefined, dataDir, publicUrl: 'http://localhost:3000' })
    expect(mailGoesTo()).to.equal('files')
    await sendMail(mail, 'digest:ana:2026-05-04')
    await runDueJobs()
    const [file] = readdirSync(join(dataDir, 'outbox'))
    expect(readFileSync(join(dataDir, 'outbox', file ?? ''), 'utf8')).to.include('ana@example.org')
  })
})
