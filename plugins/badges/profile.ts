import type { Id, Panel } from '#core'
import { awardLines } from './pages.js'

const shownAtOnce = 6

/** The badges of a person, on that person's page. */
export const profilePanel: Panel = {
  place: 'people:profile',
  view: 'badges:profile',
  order: 40,
  load: async ({ subject, language }) => {
    const { _id } = subject as { _id: Id }
    return { person: _id, badges: (await awardLines(_id, language)).slice(0, shownAtOnce) }
  },
}
