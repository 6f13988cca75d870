import { onePer } from '#core'
import { AcknowledgementModel } from './models.js'

/** The later version was read. */
export const joinAcknowledgements = onePer(AcknowledgementModel, {
  both: ({ version }, { version: other, at }) => (other > version ? { version: other, at } : {}),
})
