import { definePlugin } from '#core'
import { askAbout, asked } from './asking.js'
import { panels } from './panels.js'
import { resultRoutes, sheetRoutes } from './routes.js'
import { demoSheets } from './seed.js'

/** What participants thought of a course: a sheet on completion, answered without a name, read in totals alone. */
export default definePlugin({
  id: 'evaluation',
  requires: ['learning', 'notifications'],
  routes: [sheetRoutes, resultRoutes],
  on: { 'learning:completed': askAbout },
  contributes: {
    panels,
    notifications: [asked],
    personalData: [
      {
        model: 'evaluation.Sheet',
        path: 'person',
        onErasure: 'anonymise',
        onMerge: 'move',
        secret: ['ballot'],
      },
    ],
    seeds: [demoSheets],
  },
})
