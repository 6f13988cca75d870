import type { Panel } from '#core'
import { unreadNotice } from './pages.js'

/** On the home page of whoever has not read the privacy notice as it is now. */
export const noticePanel: Panel = {
  place: 'home',
  view: 'site-pages:notice',
  order: 1,
  load: async ({ actor: { person } }) => {
    const version = person ? await unreadNotice(person) : undefined
    return version === undefined ? undefined : { version }
  },
}
