import type { Id } from '../../kernel/contract.js'
import { PersonModel } from './models.js'

const atOnce = 500

/** The ids of all who belong to an institution, those who left as well, a few hundred at a time: for work on everybody's records. */
export async function* peopleOfInstitution(institution: Id): AsyncGenerator<Id[]> {
  let after = ''
  for (;;) {
    const found = await PersonModel.find({ institution, _id: { $gt: after } }, { _id: 1 })
      .sort({ _id: 1 })
      .limit(atOnce)
      .lean<{ _id: Id }[]>()
    if (found.length === 0) return
    yield found.map(({ _id }) => _id)
    after = found.at(-1)?._id ?? after
  }
}
