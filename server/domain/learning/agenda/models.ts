import { Schema } from 'mongoose'
import type { Id } from '../../../kernel/contract.js'
import { defineModel } from '../../../platform/database.js'

/** That somebody has a calendar follow what they have to complete. */
export interface Agenda {
  /** The person. */
  readonly _id: Id
  /** In the address that the calendar asks; the next number makes that address stop. */
  readonly number: number
  readonly isFollowed: boolean
}

const agendas = new Schema<Agenda>({
  _id: { type: String, required: true },
  number: { type: Number, required: true },
  isFollowed: { type: Boolean, required: true },
})

export const AgendaModel = defineModel<Agenda>('learning.Agenda', agendas)
