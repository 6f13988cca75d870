import { expect } from 'chai'
import { startTestApp, type TestApp } from '../../support/app.js'
import { raw } from '../../support/raw.js'

const token = 'a-token-for-prometheus'

describe('the metrics', function () {
  this.timeout(180_000)
  let palier: TestApp

  it('answer this machine, but not what a proxy on it passes on', async () => {
    palier = await startTestApp()
    expect((await palier.anonymous.get('/metrics')).status).to.equal(200)
    const passedOn = await palier.anonymous.get('/metrics', { 'x-forwarded-for': '203.0.113.9' })
    expect(passedOn.status).to.equal(404)
  })

  it('count requests by the pattern of their route, never by their address', async () => {
    await palier.anonymous.get('/people/somebody-in-particular')
    await palier.anonymous.get('/nowhere-in-particular')
    const { text } = await palier.anonymous.get('/metrics')
    expect(text).to.match(/palier_http_request_duration_seconds_count\{[^}]*route="\/people\/:\w+"/)
    expect(text).to.not.include('in-particular')
  })

  it('tell queues, sockets, the database, the event loop and memory', async () => {
    const { text } = await palier.anonymous.get('/metrics')
    for (const queue of ['jobs', 'mails', 'deliveries'])
      expect(text).to.include(`palier_queue_length{queue="${queue}",status="waiting"}`)
    expect(text).to.match(/^palier_store_round_trips_total [1-9]/m)
    for (const name of ['palier_sockets', 'nodejs_eventloop_lag_seconds', 'palier_build_info'])
      expect(text).to.include(`\n${name}`)
    expect(text).to.include('process_resident_memory_bytes')
  })

  it('answer only who knows the token, where there is one', async () => {
    palier = await startTestApp({ metricsToken: token })
    expect((await palier.anonymous.get('/metrics')).status).to.equal(404)
    const wrong = { authorization: `Bearer ${token}s` }
    expect((await palier.anonymous.get('/metrics', wrong)).status).to.equal(404)
    const headers = { host: 'app-1.internal', authorization: `Bearer ${token}` }
    const known = await raw(palier.url, { path: '/metrics', headers })
    expect(known.status).to.equal(200)
  })
})
