import type { Id, Panel, PanelRequest } from '#core'
import { forumOf, placeFor, type Place } from './places.js'
import { placeShown, topicLines } from './presenting.js'
import { topicsIn } from './topics.js'

const shownAtOnce = 3

/** The latest of a forum on a page; `subjectOf` says whose, of what the page is about. */
const panelOf = (
  kind: Place['kind'],
  place: Panel['place'],
  subjectOf: (subject: unknown) => Id | undefined,
): Panel => ({
  place,
  view: 'forum:panel',
  needs: 'forum:take-part',
  order: 60,
  load: async ({ actor, subject }: PanelRequest) => {
    const id = subjectOf(subject)
    const forum = id === undefined ? undefined : await placeFor(actor, forumOf(kind, id))
    if (!forum) return undefined
    const topics = await topicsIn(forum, { skip: 0, limit: shownAtOnce })
    return { place: placeShown(forum), topics: await topicLines(actor, topics) }
  },
})

const itself = (subject: unknown): Id => (subject as { _id: Id })._id

/** A step of a course that is a discussion is held in the course's forum. */
function courseOfDiscussion(subject: unknown): Id | undefined {
  const { course, activity } = subject as { course: { _id: Id }; activity: { kind: string } }
  return activity.kind === 'discussion' ? course._id : undefined
}

export const panels = [
  panelOf('unit', 'organisation:unit', itself),
  panelOf('course', 'learning:course', itself),
  panelOf('course', 'learning:activity', courseOfDiscussion),
] as const
