import { expect } from 'chai'
import { cutPower, record, type Recording } from './support/power-replay.js'
import { canTrace } from './support/power-trace.js'
import { Random } from './support/random.js'

describe('A store that loses power', function () {
  this.timeout(300_000)
  let recording: Recording

  before(async function () {
    if (!canTrace()) {
      console.log('    skipped: without strace it is not seen what the store writes and flushes')
      this.skip()
    }
    recording = await record(new Random(1), 40)
  })

  it('has every write that it acknowledged, whatever was not flushed', async () => {
    expect(await cutPower(recording, new Random(2), { cuts: 60 })).to.deep.equal([])
  })

  it('would be caught if it answered before its writes were on the disk', async () => {
    const problems = await cutPower(recording, new Random(3), { cuts: 10, disk: { lies: true } })
    expect(problems).to.not.deep.equal([])
  })
})
