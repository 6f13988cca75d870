import type { Id, Panel } from '#core'
import { mayRead } from './certificates.js'

/** The way to the training record, on a person's page. */
export const recordPanel: Panel = {
  place: 'people:profile',
  view: 'records:panel',
  order: 45,
  load: async ({ actor, subject }) => {
    const { _id } = subject as { _id: Id }
    return (await mayRead(actor, _id)) ? { person: _id } : undefined
  },
}
