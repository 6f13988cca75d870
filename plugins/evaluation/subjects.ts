import { subject, type Actor, type Id } from '#core'
import { findSheet, someSheets } from './asking.js'
import type { Sheet } from './models.js'

/** `:sheet`, for the person it was given to and for nobody else. */
export const onSheet = subject({
  name: 'sheet',
  load: (actor: Actor, id: Id) => findSheet(actor, id),
  owned: ({ person }: Sheet) => ({ person }),
  sample: async () => (await someSheets()).map(({ _id, person }) => ({ id: _id, person })),
})
