import { expect } from 'chai'
import { troubleReaders } from '../soak/browser/index.js'
import { needsPlugins } from '../support/plugins.js'

/** The long run is `npm run soak -- browser`. */
describe('readers in trouble', function () {
  this.timeout(900_000)

  it('lose nothing that they were told is saved, and are told in time when it is not', async function () {
    needsPlugins(this, 'scorm')
    const { problems, rounds } = await troubleReaders(21)
    expect(problems).to.deep.equal([])
    expect(Object.keys(rounds)).to.have.length(7)
  })
})
