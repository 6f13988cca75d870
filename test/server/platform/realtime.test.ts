import { expect } from 'chai'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { io, type Socket } from 'socket.io-client'
import type { Actor } from '../../../server/kernel/contract.js'
import { enable } from '../../../server/kernel/plugins.js'
import {
  disconnectPerson,
  reconnectPeople,
  send,
  sendToPerson,
  startRealtime,
  stopRealtime,
} from '../../../server/platform/realtime.js'
import { stopTestApp } from '../../support/app.js'

describe('sockets', () => {
  let server: Server
  let url = ''
  const open: Socket[] = []

  before(async () => {
    await stopTestApp()
    server = createServer()
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    enable([
      {
        id: 'trial',
        contributes: {
          channels: [{ id: 'trial:room', mayJoin: async (_actor, topic) => topic === 'open' }],
        },
      },
    ])
    await startRealtime(server, {
      identify: async ({ headers }) =>
        headers.authorization
          ? ({ kind: 'person', person: headers.authorization, grants: [] } as unknown as Actor)
          : undefined,
      isOwnOrigin: (origin) => origin === undefined || new URL(origin).hostname === 'palier',
    })
  })
  after(async () => {
    for (const socket of open) socket.close()
    await stopRealtime()
    server.close()
    enable([])
  })

  const connect = (headers: Record<string, string>): Promise<Socket> => {
    const socket = io(url, { transports: ['websocket'], extraHeaders: headers, forceNew: true })
    open.push(socket)
    return new Promise((done, fail) => {
      socket.once('connect', () => done(socket))
      socket.once('connect_error', fail)
    })
  }
  const refused = (headers: Record<string, string>): Promise<string> =>
    connect(headers).then(
      () => 'let in',
      () => 'refused',
    )

  it('are refused without a session and from elsewhere', async () => {
    expect(await refused({})).to.equal('refused')
    expect(await refused({ authorization: 'ana', origin: 'http://elsewhere' })).to.equal('refused')
    expect(await refused({ authorization: 'ana', origin: 'null' })).to.equal('refused')
    expect(await refused({ authorization: 'ana', origin: 'http://palier' })).to.equal('let in')
  })

  it('bring a person what is theirs, and nobody else', async () => {
    const [ana, luc] = await Promise.all([
      connect({ authorization: 'ana' }),
      connect({ authorization: 'luc' }),
    ])
    const heard: string[] = []
    luc.on('toast', () => heard.push('luc'))
    const told = new Promise((done) => ana.once('toast', done))
    sendToPerson('ana', 'toast', { title: 'hello' })
    expect(await told).to.deep.equal({ title: 'hello' })
    sendToPerson('luc', 'end', {})
    await new Promise((done) => luc.once('end', done))
    expect(heard).to.deep.equal([])
  })

  it('join the rooms that the channel opens to them, and no other', async () => {
    const ana = await connect({ authorization: 'ana' })
    expect(await ana.emitWithAck('join', 'trial:room:open')).to.equal(true)
    for (const room of ['trial:room:closed', 'person:luc', 'session:1', '', 7]) {
      expect(await ana.emitWithAck('join', room), String(room)).to.equal(false)
    }
    const told = new Promise((done) => ana.once('news', done))
    send('trial:room:open', 'news', 1)
    expect(await told).to.equal(1)
  })

  it('come in again where the person’s rights have changed', async () => {
    const ana = await connect({ authorization: 'ana' })
    await ana.emitWithAck('join', 'trial:room:open')
    const back = new Promise((done) => ana.io.once('reconnect', done))
    reconnectPeople(['luc', 'ana'])
    await back
    let heard = false
    ana.once('news', () => (heard = true))
    send('trial:room:open', 'news', 1)
    await ana.emitWithAck('join', 'trial:room:open')
    expect(heard, 'in a room of before').to.equal(false)
  })

  it('end when the person’s sessions end', async () => {
    const ana = await connect({ authorization: 'ana' })
    ana.io.reconnection(false)
    const ended = new Promise((done) => ana.once('disconnect', done))
    disconnectPerson('ana')
    expect(await ended).to.equal('io server disconnect')
  })
})
