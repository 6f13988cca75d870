import type { Course, Panel } from '#core'
import { openSheet } from './asking.js'
import { readResults } from './routes.js'
import { isOn } from './settings.js'

/** The way to the sheet, on the page of a course, for whoever has completed it and not answered. */
const sheetPanel: Panel = {
  place: 'learning:course',
  view: 'evaluation:sheet-panel',
  order: 10,
  load: async ({ actor, subject }) => {
    const { _id } = subject as Course
    const sheet = actor.person && (await openSheet(actor.person, _id))
    return sheet && (await isOn(_id)) ? { sheet: sheet._id } : undefined
  },
}

/** The way to the results, on the page of a course and on the one where it is written. */
const resultsPanelOf = (place: Panel['place']): Panel => ({
  place,
  view: 'evaluation:results-panel',
  needs: readResults,
  order: 70,
  load: async ({ subject }) => {
    const { _id } = subject as Course
    return { course: _id, isOn: await isOn(_id) }
  },
})

export const panels = [
  sheetPanel,
  resultsPanelOf('learning:course'),
  resultsPanelOf('learning:course-edit'),
]
