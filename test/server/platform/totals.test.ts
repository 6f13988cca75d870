import { expect } from 'chai'
import { Schema } from 'mongoose'
import { defineModel } from '../../../server/platform/database.js'
import { forgetTotals, totalOf } from '../../../server/platform/totals.js'
import { startTestApp } from '../../support/app.js'

interface Thing {
  readonly _id: string
  readonly kind: string
}

const things = new Schema<Thing>({ _id: { type: String, required: true }, kind: String })
const ThingModel = defineModel<Thing>('test.Counted', things)

describe('the total of a list', () => {
  before(() => startTestApp())
  after(() => ThingModel.deleteMany({}))

  const add = (kind: string, count: number) =>
    ThingModel.insertMany(
      Array.from({ length: count }, (_, at) => ({ _id: `${kind}-${Date.now()}-${at}`, kind })),
    )

  it('is exact up to a thousand, at each look', async () => {
    await add('few', 999)
    expect(await totalOf(ThingModel, { kind: 'few' })).to.equal(999)
    await add('few', 1)
    expect(await totalOf(ThingModel, { kind: 'few' })).to.equal(1000)
  })

  it('is counted whole above, and kept for a while', async () => {
    await add('many', 1500)
    expect(await totalOf(ThingModel, { kind: 'many' })).to.equal(1500)
    await add('many', 3)
    expect(await totalOf(ThingModel, { kind: 'many' })).to.equal(1500)
    forgetTotals()
    expect(await totalOf(ThingModel, { kind: 'many' })).to.equal(1503)
  })
})
