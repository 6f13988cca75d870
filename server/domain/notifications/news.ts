import type { Panel } from '../../http/shell.js'
import { ownInbox } from './inbox.js'

const shownAtOnce = 5

/** What is new, on the home page. Nothing is read where nothing is unread. */
export const newsPanel: Panel = {
  place: 'home',
  view: 'notifications:news',
  order: 80,
  load: async (reader) =>
    reader.actor.unread && !reader.actor.support
      ? { entries: await ownInbox(reader, { skip: 0, limit: shownAtOnce, unread: true }) }
      : undefined,
}
