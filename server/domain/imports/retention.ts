import type { Contributions, Id } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { ImportModel, RowModel, SourceModel } from './models.js'

/** The lines of what was applied, with what they said of people. That there was an import, by whom and of how many stays. */
export const importedLines: Contributions['retention'] = {
  id: 'imports:lines',
  label: 'imports:retention.lines',
  model: 'imports.Import',
  of: 'institution',
  defaultMonths: 24,
  minMonths: 1,
  due: ({ before, owners }) => ({
    institution: { $in: owners },
    status: { $in: ['applied', 'undone'] },
    at: { $lt: before },
    forgottenAt: null,
  }),
  remove: forgetLines,
}

/** Marked last, so that what a crash left is found again. It cannot be undone any more. */
async function forgetLines(ids: readonly Id[]): Promise<void> {
  const imports = { $in: [...ids] }
  await RowModel.deleteMany({ import: imports })
  await SourceModel.deleteMany({ _id: imports })
  await ImportModel.updateMany({ _id: imports }, { $set: { forgottenAt: now() } })
}
