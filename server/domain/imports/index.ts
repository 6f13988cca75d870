import { definePlugin } from '../../kernel/contract.js'
import { writeLines } from './applying.js'
import { planLines } from './dry-run.js'
import { importApplied } from './notifying.js'
import { importListRoutes, importRoutes, paperRoutes } from './routes.js'
import { importedLines } from './retention.js'
import { tidyDryRuns } from './tidying.js'
import { takeBackLines } from './undoing.js'

/** People, units and posts from a personnel office's file: a dry run, then as a whole, and undone if need be. */
export default definePlugin({
  id: 'imports',
  requires: ['people', 'organisation', 'learning', 'notifications'],
  routes: [importListRoutes, importRoutes, paperRoutes],
  contributes: {
    permissions: [{ id: 'imports:manage', roles: ['administrator'] }],
    nav: [
      {
        label: 'imports:title',
        href: '/imports',
        icon: 'file-earmark-arrow-up',
        needs: 'imports:manage',
        order: 210,
        group: 'admin',
      },
    ],
    personalData: [
      {
        model: 'imports.Import',
        path: 'by',
        onErasure: 'keep',
        onMerge: 'keep',
        reason: 'accountability',
      },
      {
        model: 'imports.Row',
        path: 'person',
        onErasure: 'delete',
        onMerge: 'keep',
        secret: ['steps'],
      },
    ],
    retention: [importedLines],
    jobs: [planLines, writeLines, takeBackLines, tidyDryRuns],
    notifications: [importApplied],
  },
})
