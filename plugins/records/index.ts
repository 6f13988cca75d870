import { definePlugin } from '#core'
import { readRecords } from './certificates.js'
import './contract.js'
import { recordPanel } from './panel.js'
import { certificateFileRoutes, certificateRoutes, recordRoutes } from './routes.js'

/** What a person has learned, as a page and a file to show; and certificates that others can confirm. */
export default definePlugin({
  id: 'records',
  requires: ['organisation', 'competencies', 'learning'],
  routes: [recordRoutes, certificateRoutes, certificateFileRoutes],
  contributes: {
    permissions: [{ id: readRecords, roles: ['coordinator', 'administrator', 'manager', 'self'] }],
    panels: [recordPanel],
    personalData: [
      { model: 'records.Certificate', path: 'person', onErasure: 'delete', onMerge: 'move' },
    ],
  },
})
