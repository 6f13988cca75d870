import { formatFor } from '../../http/format.js'
import type { Panel, PanelRequest } from '../../http/shell.js'
import type { Id } from '../../kernel/contract.js'
import { readLevels } from './gaps.js'
import { standingOf } from './standing.js'

/** Where the reader stands, on the home page; away for who holds no post and has no level. */
export const homePanel: Panel = {
  place: 'home',
  view: 'competencies:home',
  order: 30,
  load: async (request) =>
    request.actor.person === undefined ? undefined : standing(request.actor.person, request),
}

/** Where a person stands, on that person's page. */
export const profilePanel: Panel = {
  place: 'people:profile',
  view: 'competencies:profile',
  needs: readLevels,
  order: 20,
  load: (request) => standing((request.subject as { _id: Id })._id, request),
}

/** The way to a unit's overview, on the unit's page. */
export const unitPanel: Panel = {
  place: 'organisation:unit',
  view: 'competencies:unit-link',
  needs: readLevels,
  order: 20,
  load: ({ subject }) => Promise.resolve({ unit: (subject as { _id: Id })._id }),
}

async function standing(
  person: Id,
  { actor, language, t }: PanelRequest,
): Promise<object | undefined> {
  const reader = { language, t, format: formatFor(language, actor.timeZone) }
  const { lines } = await standingOf(person, reader)
  return lines.length > 0 ? { person, lines } : undefined
}
