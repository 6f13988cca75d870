import { definePlugin, owes } from '#core'
import { reportAnswers } from './answers.js'
import { moveClosings } from './late.js'
import { RuntimeModel } from './models.js'
import { scormPackages } from './packages.js'
import { reportProgress } from './progress.js'
import { scormRetention } from './retention.js'
import { lateRoutes, playRoutes, runtimeRoutes, shellRoutes } from './routes.js'
import { closeSilentLaunches } from './silence.js'

/** SCORM 1.2 and 2004 packages: checked when uploaded, played apart from Palier, their work never lost. */
export default definePlugin({
  id: 'scorm',
  requires: ['learning'],
  routes: [runtimeRoutes, shellRoutes, playRoutes, lateRoutes],
  contributes: {
    packages: [scormPackages],
    jobs: [closeSilentLaunches],
    retention: scormRetention,
    personalData: [
      { model: 'scorm.Runtime', path: 'person', onErasure: 'delete', onMerge: 'move' },
      { model: 'scorm.KeptState', path: 'person', onErasure: 'delete', onMerge: 'move' },
    ],
  },
  start: () =>
    owes(RuntimeModel, {
      closings: moveClosings,
      progress: reportProgress,
      answers: reportAnswers,
    }),
})
