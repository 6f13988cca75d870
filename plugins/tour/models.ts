import { defineModel, Schema, type Id } from '#core'
import { tourRoles, type TourRole } from './steps.js'

/** Where somebody is in a tour. Nothing is kept of whoever has not begun one. */
export interface Tour {
  readonly _id: Id
  readonly role: TourRole
  /** From 0. */
  readonly step: number
  /** It does not come back by itself. */
  readonly closed: boolean
}

const tours = new Schema<Tour>({
  _id: { type: String, required: true },
  role: { type: String, required: true, enum: tourRoles },
  step: { type: Number, required: true },
  closed: { type: Boolean, required: true },
})

export const TourModel = defineModel<Tour>('tour.Tour', tours)
