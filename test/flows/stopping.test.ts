import { expect } from 'chai'
import { connect, type Socket } from 'node:net'
import { removeData, startPalier, type Palier } from '../support/palier.js'

describe('a Palier that is told to stop', function () {
  this.timeout(180_000)
  let palier: Palier
  let silent: Socket

  before(async () => {
    palier = await startPalier()
  })
  after(async () => {
    silent.destroy()
    await palier.kill()
    removeData()
  })

  it('ends though a browser holds a connection on which it never asked for anything', async () => {
    silent = connect(Number(new URL(palier.url).port), '127.0.0.1')
    silent.on('error', () => undefined)
    await new Promise<void>((done) => silent.once('connect', () => done()))
    const asked = Date.now()
    const ended = await Promise.race([
      palier.stop().then(() => true),
      new Promise<boolean>((done) => setTimeout(() => done(false), 20_000)),
    ])
    expect(ended, `after ${Date.now() - asked} ms`).to.equal(true)
  })
})
