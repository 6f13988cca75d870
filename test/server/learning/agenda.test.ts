import { expect } from 'chai'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setDue } from '../../../server/domain/learning/cycles.js'
import { changePerson, personByEmail } from '../../../server/domain/people/people.js'
import { systemActor } from '../../../server/domain/people/access.js'
import { withDemo, type Program, type TestApp } from '../../support/app.js'

/** Which the learner of the demo is in the middle of. */
const course = 'first-hundred-days'
const day = (at: Date, days: number): Date => new Date(Number(at) + days * 86_400_000)

/** The lines of a calendar, unfolded (RFC 5545 §3.1). */
const linesOf = (calendar: string): string[] => calendar.replaceAll('\r\n ', '').split('\r\n')

describe('the agenda of due dates', () => {
  let palier: TestApp
  let learner: Program
  let person: string

  before(async () => {
    palier = await withDemo({ dataDir: mkdtempSync(join(tmpdir(), 'palier-agenda-')) })
    learner = await palier.as('learner@demo.palier')
    person = (await personByEmail('learner@demo.palier'))?._id ?? ''
    await setDue(`${person}|${course}`, new Date('2031-03-09T23:30:00Z'))
  })

  const addressNow = async (): Promise<string> =>
    new URL((await learner.get('/me/agenda')).json.address as string).pathname
  const fetched = (path: string) => fetch(new URL(path, palier.url))

  it('lists what is to be completed, and gives no address before one is asked for', async () => {
    const { json } = await learner.get('/me/agenda')
    expect(json.address).to.equal(null)
    expect(json.due.map((one: { course: { id: string } }) => one.course.id)).to.include(course)
  })

  it('is a calendar of whole days, in the person’s language and time zone', async () => {
    await changePerson(systemActor('test'), person, { timeZone: 'Europe/Paris', language: 'fr' })
    await learner.post('/me/agenda/address', {})
    const answer = await fetched(await addressNow())
    expect(answer.headers.get('content-type')).to.match(/^text\/calendar/)
    const lines = linesOf(await answer.text())
    expect(lines[0]).to.equal('BEGIN:VCALENDAR')
    const at = lines.findIndex((line) => line.startsWith(`UID:${person}|${course}|`))
    const event = lines.slice(at, lines.indexOf('END:VEVENT', at))
    // Half past eleven in the evening, UTC, is the next day in Paris.
    expect(event).to.include('DTSTART;VALUE=DATE:20310310')
    expect(event.join('\n')).to.match(/SUMMARY:À terminer : /)
    expect(event.join('\n')).to.include(`/courses/${course}`)
    await changePerson(systemActor('test'), person, { timeZone: 'UTC', language: 'en' })
  })

  it('moves an event with its date, and drops it once the date is gone', async () => {
    const address = await addressNow()
    await setDue(`${person}|${course}`, new Date('2031-04-01T12:00:00Z'))
    expect(await (await fetched(address)).text()).to.include('DTSTART;VALUE=DATE:20310401')
    await setDue(`${person}|${course}`, undefined)
    expect(await (await fetched(address)).text()).not.to.include(`${person}|${course}`)
    await setDue(`${person}|${course}`, day(new Date(), 30))
  })

  it('stops an address when another is given, or none is wanted', async () => {
    const first = await addressNow()
    await learner.post('/me/agenda/address', {})
    const second = await addressNow()
    expect((await fetched(first)).status).to.equal(404)
    expect((await fetched(second)).status).to.equal(200)
    await learner.post('/me/agenda/address/stop', {})
    expect((await fetched(second)).status).to.equal(404)
    await learner.post('/me/agenda/address', {})
    expect((await fetched(second)).status).to.equal(404)
  })

  it('is not found at an address we did not make, nor for whoever has left', async () => {
    const address = await addressNow()
    const forged = address.replace(/.\.ics$/, (end) => `${end.startsWith('A') ? 'B' : 'A'}.ics`)
    for (const path of [forged, '/agenda/x.ics', '/agenda/x', address.replace('.ics', '')])
      expect((await fetched(path)).status, path).to.equal(404)
    await changePerson(systemActor('test'), person, { status: 'deactivated' })
    expect((await fetched(address)).status).to.equal(404)
  })
})
