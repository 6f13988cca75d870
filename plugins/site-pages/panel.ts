import type { Panel } from '#core'
import { currentPage, owesReading } from './pages.js'

/** On the home page of whoever has not read the privacy notice as it is now. */
export const noticePanel: Panel = {
  place: 'home',
  view: 'site-pages:notice',
  order: 1,
  load: async ({ actor: { person } }) => {
    if (!person || !(await owesReading(person))) return undefined
    return { version: (await currentPage('privacy')).version }
  },
}
