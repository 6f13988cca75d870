import type { Guessable } from '../people/contract.js'
import { UnitModel, type Unit } from './models.js'

/** What an institution is called, in every language: whoever knows where somebody works would try it first. */
export const institutionNames: Guessable = {
  id: 'organisation:institution-names',
  async wordsFor({ institution }) {
    const unit = institution && (await UnitModel.findById(institution).lean<Unit>())
    return unit ? [unit.name, ...Object.values(unit.names ?? {})] : []
  },
}
