import { expect } from 'chai'
import { resetClock, setClock } from '../../../server/platform/clock.js'
import {
  talliesChanged,
  talliesOf,
  talliesSettled,
  type Tally,
} from '../../../server/platform/tallies.js'
import { startTestApp } from '../../support/app.js'

/** A tally whose figure is set by hand, with how often it was worked out. */
function counter(size: number) {
  let asked = 0
  const figures = new Map<string, number>()
  const tally: Tally<number> = {
    id: `test:of-${size}-${Math.random()}`,
    async compute(subjects) {
      asked += 1
      return new Map(
        subjects.flatMap((one) => {
          const value = figures.get(one)
          return value === undefined ? [] : [[one, { value, size }]]
        }),
      )
    },
  }
  const look = async (subject: string) => (await talliesOf(tally, [subject])).get(subject)
  return { tally, figures, look, asked: () => asked }
}

describe('a tally', () => {
  before(() => startTestApp())
  afterEach(() => resetClock())

  it('is worked out once, and read from then on', async () => {
    const { figures, look, asked } = counter(10)
    figures.set('a', 3)
    expect(await look('a')).to.equal(3)
    expect(await look('a')).to.equal(3)
    expect(asked()).to.equal(1)
  })

  it('of few documents is exact at the look after a change', async () => {
    const { tally, figures, look } = counter(1_000)
    figures.set('a', 3)
    await look('a')
    figures.set('a', 4)
    expect(await look('a'), 'nobody said that it changed').to.equal(3)
    await talliesChanged(tally, ['a'])
    expect(await look('a')).to.equal(4)
  })

  it('of many shows what it was, and is worked out anew behind whoever looks', async () => {
    const { tally, figures, look, asked } = counter(1_001)
    figures.set('a', 3)
    await look('a')
    figures.set('a', 4)
    await talliesChanged(tally, ['a'])
    expect(await Promise.all([look('a'), look('a')])).to.deep.equal([3, 3])
    await talliesSettled()
    expect(await look('a')).to.equal(4)
    expect(asked()).to.equal(2)
  })

  it('counts a change that was told before anybody looked', async () => {
    const { tally, figures, look } = counter(10)
    await talliesChanged(tally, ['a'])
    figures.set('a', 1)
    expect(await look('a')).to.equal(1)
    figures.set('a', 2)
    await talliesChanged(tally, ['a'])
    expect(await look('a')).to.equal(2)
  })

  it('is worked out anew when it changes by itself, and after an hour', async () => {
    const start = Date.parse('2026-03-02T09:00:00Z')
    setClock(() => new Date(start))
    let value = 1
    const due: Tally<number> = {
      id: 'test:due',
      compute: async () =>
        new Map([
          ['a', { value, size: 1, until: value === 1 ? new Date(start + 60_000) : undefined }],
        ]),
    }
    const look = async () => (await talliesOf(due, ['a'])).get('a')
    expect(await look()).to.equal(1)
    value = 2
    expect(await look()).to.equal(1)
    setClock(() => new Date(start + 60_000))
    expect(await look()).to.equal(2)
    value = 3
    setClock(() => new Date(start + 60_000 + 3_600_000))
    expect(await look()).to.equal(3)
  })

  it('says nothing of a subject that has none', async () => {
    expect(await counter(10).look('a')).to.equal(undefined)
  })
})
