import { expect } from 'chai'
import fc from 'fast-check'
import { compareRaw, rawValue } from '../../../server/store/bson/compare.js'
import { encodeKey, encodeRawKey } from '../../../server/store/bson/key-codec.js'
import { numbers, values } from './support/values.js'

const RUNS = Number(process.env['STORE_FUZZ_RUNS'] ?? 5_000)

function orders(a: unknown, b: unknown): void {
  const expected = Math.sign(compareRaw(rawValue(a), rawValue(b)))
  expect(Math.sign(compareRaw(rawValue(b), rawValue(a)))).to.equal(expected === 0 ? 0 : -expected)
  const up = Buffer.compare(encodeKey([a], [1]), encodeKey([b], [1]))
  const down = Buffer.compare(encodeKey([a], [-1]), encodeKey([b], [-1]))
  expect([up, down]).to.deep.equal([expected, expected === 0 ? 0 : -expected])
}

describe('The key codec', function () {
  this.timeout(180_000)

  it('orders numbers of all types as the comparison does, in both directions', () => {
    fc.assert(fc.property(numbers, numbers, orders), { numRuns: RUNS })
  })

  it('orders values of all types as the comparison does, in both directions', () => {
    fc.assert(fc.property(values, values, orders), { numRuns: RUNS })
  })

  it('orders keys of several values by the first that differs', () => {
    const pair = fc.tuple(values, values)
    fc.assert(
      fc.property(pair, pair, (a, b) => {
        const [first, second] = a.map((value, at) => compareRaw(rawValue(value), rawValue(b[at])))
        const expected = Math.sign(first === 0 ? -(second ?? 0) : (first ?? 0))
        const keys = [encodeKey(a, [1, -1]), encodeKey(b, [1, -1])] as const
        expect(Buffer.compare(...keys)).to.equal(expected === 0 ? 0 : expected)
      }),
      { numRuns: RUNS },
    )
  })

  it('gives stored and decoded values the same key', () => {
    fc.assert(
      fc.property(values, (value) => {
        const stored = encodeRawKey([rawValue(value)], [1])
        expect(encodeKey([value], [1]).equals(stored)).to.equal(true)
      }),
      { numRuns: RUNS / 10 },
    )
  })

  it('takes what is missing for null', () => {
    expect(encodeRawKey([undefined], [1]).equals(encodeKey([null], [1]))).to.equal(true)
  })
})
