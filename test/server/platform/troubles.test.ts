import { expect } from 'chai'
import { now, resetClock, setClock } from '../../../server/platform/clock.js'
import { enqueue, JobRunModel, runDueJobs, type Job } from '../../../server/platform/jobs.js'
import { closeMail, deliverMail, sendMail, useMail } from '../../../server/platform/mail.js'
import { useStorage } from '../../../server/platform/storage.js'
import { isLow, troubles } from '../../../server/platform/troubles.js'
import { openMailbox } from '../../support/mailbox.js'
import { freePort } from '../../support/ports.js'
import { closeAll, enableOnly, openDatabase } from './support/database.js'

const mail = { to: 'ana@example.org', subject: 'Été', text: 'Une nouvelle.' }
const quiet: Job = { id: 'platform:quiet', run: async () => {} }

describe('troubles of the machine', () => {
  let dataDir = ''

  before(async () => {
    dataDir = await openDatabase()
    await useStorage({ dataDir })
    enableOnly({ contributes: { jobs: [deliverMail, quiet] } })
  })
  after(async () => {
    closeMail()
    await closeAll()
  })
  beforeEach(async () => {
    await JobRunModel.deleteMany({})
  })
  afterEach(() => resetClock())

  const goOn = (minutes: number): void => {
    const at = new Date(Number(now()) + minutes * 60_000)
    setClock(() => at)
  }
  const names = async (): Promise<string[]> => (await troubles()).map(({ name }) => name)

  it('are none where nothing is wrong', async () => {
    await enqueue(quiet, undefined)
    await runDueJobs()
    expect(await names()).to.deep.equal([])
  })

  it('tell since when the mail server takes nothing; an hour later all of it goes out, once', async () => {
    const publicUrl = 'https://palier.example'
    useMail({ smtpUrl: `smtp://127.0.0.1:${await freePort()}`, dataDir, publicUrl })
    const since = now()
    setClock(() => since)
    await sendMail(mail, 'one')
    await sendMail(mail, 'two')
    for (let minute = 0; minute < 60; minute += 5) {
      await runDueJobs()
      goOn(5)
    }
    expect(await troubles()).to.deep.equal([{ name: 'mail-failing', since, count: 2 }])
    const mailbox = await openMailbox()
    useMail({ smtpUrl: mailbox.smtpUrl, dataDir, publicUrl })
    goOn(60)
    await runDueJobs()
    await runDueJobs()
    await mailbox.close()
    expect(mailbox.received).to.have.length(2)
    expect(await names()).to.deep.equal([])
  })

  it('tell that the clock has gone back, and that due work is not done', async () => {
    await enqueue(quiet, undefined)
    await runDueJobs()
    goOn(-60)
    expect(await names()).to.deep.equal(['clock-back'])
    resetClock()
    await enqueue(quiet, undefined)
    goOn(1)
    expect(await names()).to.deep.equal([])
    goOn(10)
    expect(await names()).to.deep.equal(['work-late'])
    await runDueJobs()
    expect(await names()).to.deep.equal([])
  })

  it('tell of a disk that is nearly full, by what is left and by its share', () => {
    const [gb, mb] = [1e9, 1e6]
    expect(isLow({ free: 400 * mb, total: 100 * gb })).to.equal(true)
    expect(isLow({ free: 600 * mb, total: 100 * gb })).to.equal(false)
    expect(isLow({ free: 50 * mb, total: gb })).to.equal(false)
    expect(isLow({ free: 20 * mb, total: gb })).to.equal(true)
  })
})
