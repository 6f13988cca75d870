import { expect } from 'chai'
import { faultsOn } from '../support/axe.js'
import { modulePackage } from '../../content/modules.js'
import { shippedPackages, thoroughly, wholeWay } from './support/course-walk.js'
import { closeAll, firstPaint, leave, playOutside } from './support/outside.js'
import { faultsOf, showScreen } from './support/screens.js'

/** A first screen is there within a second at 1.6 Mbit/s; what a screen weighs is judged unpacked. */
const firstScreen = ['index.html', 'player.js', 'player.css', 'data/course.js', 'data/index.js']
const mostPacked = 1.5 * 1024 * 1024

describe('the shipped packages, outside Palier', function () {
  this.timeout(600_000)
  afterEach(closeAll)

  for (const { module, language, compiled, outside } of shippedPackages()) {
    const name = `${module} in ${language}`

    for (const target of outside) {
      it(`${name} is gone through by keyboard alone, passed and completed as ${target}`, async () => {
        const playing = await playOutside(compiled, target)
        await wholeWay(playing)
        for (const ended of ['case', 'test']) {
          await showScreen(playing.frame, ended)
          expect(await faultsOn(playing.frame), ended).to.deep.equal([])
        }
        const { status, score, kinds, suspend } = await leave(playing)
        expect(status).to.deep.equal(target === 'scorm12' ? ['passed'] : ['completed', 'passed'])
        expect(score).to.equal(100)
        expect(kinds.length).to.be.above(16)
        expect(suspend.length).to.be.below(4096)
        expect((await modulePackage(module, language, target)).length).to.be.below(mostPacked)
      })
    }

    it(`${name} has nothing axe objects to on any screen, in either theme, and fits a phone`, async () => {
      const playing = await playOutside(compiled, 'web')
      const sent = playing.served.sent()
      const weight = firstScreen.map((file) => sent.get(`package/${file}`) ?? NaN)
      expect(weight.reduce((sum, each) => sum + each)).to.be.within(10_000, 150_000)
      expect(await faultsOf(playing)).to.deep.equal([])
    })

    // How fast it is says something of an idle machine only.
    if (thoroughly)
      it(`${name} shows its first screen within a second at 3G speed`, async () => {
        const { served } = await playOutside(compiled, 'web')
        const times = [await firstPaint(served), await firstPaint(served), await firstPaint(served)]
        expect(Math.min(...times)).to.be.below(1000)
      })
  }
})
