import { expect } from 'chai'
import { killPalier } from '../soak/kill/index.js'
import { needsPlugins } from '../support/plugins.js'

/** The long run is `npm run soak -- kill`. */
describe('a power cut under fifty commits a second', function () {
  this.timeout(900_000)

  it('loses, tears and doubles nothing, and brings each completion all that follows from it, once', async function () {
    needsPlugins(this, 'scorm', 'badges')
    const { problems, acknowledged, completions } = await killPalier(20)
    expect(problems).to.deep.equal([])
    expect(acknowledged).to.be.above(200)
    expect(completions).to.be.above(5)
  })
})
