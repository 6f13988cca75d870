import { expect } from 'chai'
import { killRepeatedly } from './support/killing.js'
import { startTestStore } from './support/store.js'

describe('A store that is killed', function () {
  this.timeout(300_000)

  it('has every write that it acknowledged, and sound counts and indexes', async () => {
    const store = await startTestStore()
    try {
      const { acknowledged, problems } = await killRepeatedly(store, 4)
      expect(problems).to.deep.equal([])
      expect(acknowledged).to.be.above(0)
    } finally {
      await store.stop()
    }
  })
})
