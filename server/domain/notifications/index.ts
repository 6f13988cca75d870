import { definePlugin } from '../../kernel/contract.js'
import '../people/contract.js'
import './contract.js'
import { joinInboxes, joinPreferences } from './joining.js'
import { newsPanel } from './news.js'
import { sendDigest, sendDigests } from './mailing.js'
import './notify.js'
import { readNotifications } from './retention.js'
import { changesPanel } from './visits.js'
import { inboxRoutes, preferenceRoutes, stopRoutes } from './routes.js'

/** What people are told: the inbox, toasts on open pages, mail at once or once a day, and how to stop it. */
export default definePlugin({
  id: 'notifications',
  requires: ['people'],
  routes: [inboxRoutes, preferenceRoutes, stopRoutes],
  contributes: {
    nav: [{ label: 'notifications:inbox.title', href: '/notifications', icon: 'bell', order: 90 }],
    panels: [newsPanel, changesPanel],
    jobs: [sendDigests, sendDigest],
    retention: [readNotifications],
    personalData: [
      {
        model: 'notifications.Notification',
        path: 'person',
        onErasure: 'delete',
        onMerge: joinInboxes,
      },
      {
        model: 'notifications.Preference',
        path: '_id',
        onErasure: 'delete',
        onMerge: joinPreferences,
      },
      { model: 'notifications.Visit', path: '_id', onErasure: 'delete', onMerge: 'drop' },
    ],
  },
})
