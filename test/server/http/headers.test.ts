import { expect } from 'chai'
import express from 'express'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { appHeaders } from '../../../server/http/headers.js'
import { loadConfig } from '../../../server/config.js'
import { withDemo, type TestApp } from '../../support/app.js'
import { raw } from '../../support/raw.js'

describe('the hosts', function () {
  this.timeout(300_000)
  let palier: TestApp
  let port: string
  let content: string

  before(async () => {
    palier = await withDemo()
    port = new URL(palier.url).port
    content = `abcdefghijklmnopqrstuvwxyz234567.content.localhost:${port}`
  })

  it('give the application’s pages a policy that runs our scripts alone', async () => {
    const { headers } = await raw(palier.url, { path: '/sign-in' })
    const policy = String(headers['content-security-policy']).replace(/'nonce-[^']+'/, "'nonce-…'")
    expect(policy.split('; ')).to.deep.equal([
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self' 'nonce-…'",
      "img-src 'self' data:",
      "media-src 'self'",
      "font-src 'self'",
      `connect-src 'self' ws://localhost:${port}`,
      `frame-src 'self' http://*.content.localhost:${port}`,
      "form-action 'self'",
      "base-uri 'none'",
      "object-src 'none'",
      "frame-ancestors 'none'",
      "manifest-src 'self'",
    ])
    expect(headers).to.include({
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'same-origin',
    })
    expect(headers).to.not.have.any.keys('x-powered-by', 'server', 'strict-transport-security')
  })

  it('never turn off what a course in the frame needs', async () => {
    const { headers } = await raw(palier.url, { path: '/sign-in' })
    const policy = String(headers['permissions-policy'])
    expect(policy).to.include('camera=()').and.include('geolocation=()')
    expect(policy).to.not.match(/sync-xhr|fullscreen|autoplay|unload=\(\)/)
  })

  it('change the nonce with every page', async () => {
    const nonces = new Set<string>()
    for (let times = 0; times < 3; times += 1) {
      const { headers } = await raw(palier.url, { path: '/sign-in' })
      nonces.add(/'nonce-([^']+)'/.exec(String(headers['content-security-policy']))?.[1] ?? '')
    }
    expect(nonces.size).to.equal(3)
  })

  it('ask for encryption for a year where the address is encrypted', async () => {
    const config = loadConfig({
      publicUrl: 'https://palier.localhost',
      sessionSecret: 'x'.repeat(32),
    })
    const app = express().use(appHeaders(config), (_req, res) => void res.end())
    const server = await listening(createServer(app))
    const { headers } = await raw(urlOf(server), {})
    server.close()
    expect(headers['strict-transport-security']).to.equal('max-age=31536000; includeSubDomains')
  })

  it('keep uploaded content in a frame of ours, with nothing of ours in reach', async () => {
    const { headers } = await raw(palier.url, { path: '/nothing', headers: { host: content } })
    const policy = String(headers['content-security-policy'])
    expect(policy).to.include(`frame-ancestors 'self' ${palier.url}`)
    expect(policy).to.include("form-action 'self'").and.include("object-src 'none'")
    expect(headers).to.include({
      'referrer-policy': 'no-referrer',
      'origin-agent-cluster': '?1',
      'x-content-type-options': 'nosniff',
    })
    expect(headers['set-cookie']).to.equal(undefined)
  })

  it('know the application’s routes on its own host alone, and content’s on content’s', async () => {
    for (const path of ['/sign-in', '/me', '/courses', '/api/openapi.json', '/health'])
      expect((await raw(palier.url, { path, headers: { host: content } })).status, path).to.equal(
        404,
      )
    for (const path of ['/rt/open', '/rt/commit']) {
      const headers = { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' }
      const { status } = await raw(palier.url, { method: 'POST', path, headers, body: '{}' })
      expect(status, path).to.equal(404)
    }
  })

  it('send away whoever asks for an unknown host, but for the machine’s own questions', async () => {
    const unknown = [
      'evil.example',
      'localhost:1@evil.example',
      'a.b.content.localhost',
      `x${content}.evil.example`,
    ]
    for (const host of unknown) {
      const { status, text } = await raw(palier.url, { path: '/sign-in', headers: { host } })
      expect(status, host).to.be.oneOf([400, 421])
      expect(text).to.not.include('evil.example')
    }
    for (const path of ['/health', '/ready'])
      expect((await raw(palier.url, { path, headers: { host: 'evil.example' } })).status).to.equal(
        200,
      )
  })

  it('build no address from a header that a client may set', async () => {
    const headers = {
      'x-forwarded-host': 'evil.example',
      forwarded: 'host=evil.example',
      accept: 'text/html',
    }
    const page = await raw(palier.url, { path: '/me', headers })
    expect(page.headers.location).to.equal('/sign-in?next=%2Fme')
    const { text } = await raw(palier.url, { path: '/api/openapi.json', headers })
    expect(text).to.not.include('evil.example')
  })
})

const urlOf = (server: Server): string =>
  `http://127.0.0.1:${(server.address() as AddressInfo).port}`

const listening = (server: Server): Promise<Server> =>
  new Promise((done) => server.listen(0, '127.0.0.1', () => done(server)))
