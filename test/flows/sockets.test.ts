import { expect } from 'chai'
import { io, type Socket } from 'socket.io-client'
import { setTimeout as wait } from 'node:timers/promises'
import { removeData, startPalier, type Palier } from '../support/palier.js'
import { freePort } from '../support/ports.js'
import { needsRedis, startRedis, type RunningRedis } from '../support/redis.js'
import { getPage, postForm, signIn } from '../support/session.js'
import { startSharedStore, type SharedStore } from '../support/store.js'

const account = 'learner@demo.palier'
const course = 'changing-a-procedure'

describe('the sockets of two processes with a Redis', function () {
  this.timeout(300_000)
  let store: SharedStore | undefined
  let redis: RunningRedis | undefined
  let port = 0
  let here: Palier
  let there: Palier
  const open: Socket[] = []

  before(async function () {
    needsRedis(this)
    store = await startSharedStore()
    port = await freePort()
    const env = { ...store.env, REDIS_URL: `redis://127.0.0.1:${port}` }
    here = await startPalier({ env })
    there = await startPalier({ env })
    redis = await startRedis(port)
  })
  after(async () => {
    for (const socket of open) socket.close()
    for (const palier of [here, there]) await palier?.kill()
    await redis?.kill()
    await store?.stop()
    removeData()
  })
  afterEach(() => {
    for (const socket of open.splice(0)) socket.close()
  })

  /** A page that somebody has open at one of the processes. */
  const connect = async (palier: Palier, cookie: string): Promise<Socket> => {
    const socket = io(palier.url, { transports: ['websocket'], extraHeaders: { cookie } })
    open.push(socket)
    await new Promise<void>((done) => socket.once('connect', done))
    return socket
  }
  /** Whether what an enrolment at one of the processes changes is told to a page that is open at another. */
  const told = async (from: Palier, at: Palier): Promise<boolean> => {
    const cookie = await signIn(from.url, account)
    const socket = await connect(at, cookie)
    const heard = new Promise<boolean>((done) => socket.once('learning:changed', () => done(true)))
    await postForm(from.url, `/courses/${course}/leave`, {}, cookie)
    const { status } = await postForm(from.url, `/courses/${course}/enrolments`, {}, cookie)
    expect(status).to.equal(303)
    return Promise.race([heard, wait(3000, false)])
  }
  const toldWithin = async (seconds: number): Promise<boolean> => {
    for (let tries = 0; tries < seconds / 3; tries += 1) if (await told(here, there)) return true
    return false
  }
  const grant = async (from: Palier, role: string): Promise<void> => {
    const admin = await signIn(from.url, 'admin@demo.palier')
    const form = { person: 'leo-marchetti', role, unit: 'ispm' }
    expect((await postForm(from.url, '/admin/roles', form, admin)).status).to.equal(303)
  }
  /** Pages and forms are answered, and at once. */
  const expectAnswers = async (): Promise<void> => {
    const began = performance.now()
    for (const palier of [here, there]) {
      const cookie = await signIn(palier.url, account)
      expect((await getPage(palier.url, '/', cookie)).status).to.equal(200)
      expect((await fetch(new URL('/ready', palier.url))).status).to.equal(200)
    }
    expect(performance.now() - began, 'milliseconds').to.be.below(10_000)
  }

  it('begin without it, and find it once it is there', async () => {
    expect(await toldWithin(15)).to.equal(true)
  })

  it('end with the person’s sessions, wherever these were ended', async () => {
    const [cookie, other] = [await signIn(here.url, account), await signIn(there.url, account)]
    const socket = await connect(there, other)
    const ended = new Promise((done) => socket.once('disconnect', done))
    await postForm(here.url, '/me/sessions/end-all', {}, cookie)
    expect(await ended).to.equal('io server disconnect')
  })

  it('come in again where the person’s rights were changed at another process', async () => {
    const socket = await connect(there, await signIn(there.url, account))
    const again = new Promise((done) => socket.io.once('reconnect', done))
    await grant(here, 'trainer')
    await again
  })

  it('lose hints while it is gone, and nothing else; those of the process itself arrive', async () => {
    await redis?.kill()
    await grant(here, 'coordinator')
    await expectAnswers()
    expect(await told(here, here), 'a page at the same process').to.equal(true)
    expect(await told(here, there), 'a page at the other').to.equal(false)
    redis = await startRedis(port)
    expect(await toldWithin(15), 'after it came back').to.equal(true)
  })

  it('wait for nobody while it hangs', async () => {
    redis?.freeze()
    await expectAnswers()
    expect(await told(here, here), 'a page at the same process').to.equal(true)
    redis?.thaw()
    expect(await toldWithin(15), 'after it answers again').to.equal(true)
  })
})
