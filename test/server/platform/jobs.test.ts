import { expect } from 'chai'
import { z } from 'zod'
import { now, resetClock, setClock } from '../../../server/platform/clock.js'
import {
  enqueue,
  JobRunModel,
  jobRuns,
  replayJob,
  runDueJobs,
  startJobs,
  stopJobs,
  type Job,
} from '../../../server/platform/jobs.js'
import { nextRun } from '../../../server/platform/schedule.js'
import { closeAll, enableOnly, openDatabase } from './support/database.js'

const page = { skip: 0, limit: 10 }

describe('jobs', () => {
  const done: string[] = []
  let failing = false

  const greet: Job<{ name: string }> = {
    id: 'trial:greet',
    payload: z.object({ name: z.string() }),
    async run({ name }) {
      if (failing) throw new Error('hoarse')
      done.push(name)
    },
  }
  const hourly: Job = {
    id: 'trial:hourly',
    every: '1 hour',
    async run() {
      done.push('hour')
    },
  }

  before(async () => {
    await openDatabase()
    enableOnly({ contributes: { jobs: [greet, hourly] } })
  })
  after(closeAll)
  afterEach(async () => {
    failing = false
    done.length = 0
    resetClock()
    await JobRunModel.deleteMany({})
  })

  const later = (seconds: number): void => {
    const then = new Date(now().getTime() + seconds * 1000)
    setClock(() => then)
  }

  it('of one key are done once', async () => {
    await Promise.all([1, 2, 3].map(() => enqueue(greet, { name: 'Ana' }, { key: 'ana' })))
    await runDueJobs()
    await enqueue(greet, { name: 'Ana' }, { key: 'ana' })
    await runDueJobs()
    expect(done).to.deep.equal(['Ana'])
  })

  it('wait for their time', async () => {
    await enqueue(greet, { name: 'Luc' }, { at: new Date(now().getTime() + 60_000) })
    await runDueJobs()
    expect(done).to.deep.equal([])
    later(61)
    await runDueJobs()
    expect(done).to.deep.equal(['Luc'])
  })

  it('that fail are tried again later, die after six tries, and can be replayed', async () => {
    failing = true
    await enqueue(greet, { name: 'Eva' }, { key: 'eva' })
    await runDueJobs()
    await runDueJobs()
    expect((await jobRuns({}, page))[0]).to.include({ status: 'waiting', tries: 1 })
    for (let tries = 1; tries < 6; tries += 1) {
      later(3_700)
      await runDueJobs()
    }
    const [dead] = await jobRuns({ status: 'dead' }, page)
    expect(dead).to.include({ tries: 6, error: 'Error: hoarse' })
    failing = false
    expect(await replayJob(dead?._id ?? '')).to.equal(true)
    await runDueJobs()
    expect(done).to.deep.equal(['Eva'])
  })

  it('refuse a payload that does not fit', async () => {
    await enqueue(greet, { name: 7 } as never, { key: 'seven' })
    await runDueJobs()
    expect(done).to.deep.equal([])
    expect((await jobRuns({}, page))[0]?.error).to.match(/name/)
  })

  it('that a dead process held are taken up when its lease has ended', async () => {
    await enqueue(greet, { name: 'Noé' }, { key: 'noe' })
    const leasedUntil = new Date(now().getTime() + 10_000)
    await JobRunModel.updateMany({}, { $set: { leasedUntil, tries: 1 } })
    await runDueJobs()
    expect(done).to.deep.equal([])
    later(11)
    await runDueJobs()
    expect(done).to.deep.equal(['Noé'])
  })

  it('on a schedule run once per turn, whoever planned them, and plan the next', async () => {
    const at = new Date('2026-05-04T09:20:00Z')
    setClock(() => at)
    await startJobs()
    await stopJobs()
    await startJobs()
    await stopJobs()
    expect(await jobRuns({ status: 'waiting' }, page)).to.have.length(1)
    setClock(() => new Date('2026-05-04T10:00:01Z'))
    await runDueJobs()
    expect(done).to.deep.equal(['hour'])
    const [next] = await jobRuns({ status: 'waiting' }, page)
    expect(next?.dueAt.toISOString()).to.equal('2026-05-04T11:00:00.000Z')
  })

  it('plan the next turn even where this one fails', async () => {
    const broken: Job = { ...hourly, run: () => Promise.reject(new Error('no')) }
    enableOnly({ contributes: { jobs: [broken] } })
    setClock(() => new Date('2026-05-04T09:20:00Z'))
    await startJobs()
    await stopJobs()
    setClock(() => new Date('2026-05-04T10:00:01Z'))
    await runDueJobs()
    const waiting = await jobRuns({ status: 'waiting' }, page)
    expect(waiting.map(({ dueAt }) => dueAt.toISOString())).to.include('2026-05-04T11:00:00.000Z')
  })
})

describe('a schedule', () => {
  const after = new Date('2026-05-04T06:30:00Z')

  it('falls on whole multiples, strictly later', () => {
    expect(nextRun({ every: '10 minutes' }, after)?.toISOString()).to.equal(
      '2026-05-04T06:40:00.000Z',
    )
    expect(nextRun({ every: '1 day' }, after)?.toISOString()).to.equal('2026-05-05T00:00:00.000Z')
  })

  it('of a time of day comes tomorrow when today’s has come', () => {
    expect(nextRun({ dailyAt: '06:30' }, after)?.toISOString()).to.equal('2026-05-05T06:30:00.000Z')
    expect(nextRun({ dailyAt: '06:31' }, after)?.toISOString()).to.equal('2026-05-04T06:31:00.000Z')
  })

  it('that is none is refused', () => {
    expect(() => nextRun({ every: 'often' }, after)).to.throw('often')
    expect(nextRun({}, after)).to.equal(undefined)
  })
})
