import type { Id, Panel, PanelRequest } from '#core'
import { findPlace, forumOf, type Place } from './places.js'
import { placeShown, topicLines } from './presenting.js'
import { topicsIn } from './topics.js'

const shownAtOnce = 3

/** The latest of a forum on the page of its unit or course. */
const panelOf = (kind: Place['kind'], place: Panel['place']): Panel => ({
  place,
  view: 'forum:panel',
  needs: 'forum:take-part',
  order: 60,
  load: async ({ actor, subject }: PanelRequest) => {
    const { _id } = subject as { _id: Id }
    const forum = await findPlace(actor, forumOf(kind, _id))
    const topics = await topicsIn(forum, { skip: 0, limit: shownAtOnce })
    return { place: placeShown(forum), topics: await topicLines(actor, topics) }
  },
})

export const unitPanel = panelOf('unit', 'organisation:unit')
