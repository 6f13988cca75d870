import { expect } from 'chai'
import { setImmediate as turn } from 'node:timers/promises'
import { giveWay, requestBegan } from '../../../server/platform/giving-way.js'

describe('work in the background', () => {
  const begun = (): { readonly isOver: () => boolean; readonly over: Promise<void> } => {
    let isOver = false
    const over = giveWay().then(() => {
      isOver = true
    })
    return { isOver: () => isOver, over }
  }

  it('goes on at once when nobody asks for anything', async () => {
    const work = begun()
    await turn()
    expect(work.isOver()).to.equal(true)
  })

  it('waits until every request is answered', async () => {
    const [first, second] = [requestBegan(), requestBegan()]
    const work = begun()
    await turn()
    first()
    await turn()
    expect(work.isOver()).to.equal(false)
    second()
    await work.over
  })

  it('does not wait for ever for a request that takes long', async () => {
    const ended = requestBegan()
    await giveWay()
    ended()
  })
})
