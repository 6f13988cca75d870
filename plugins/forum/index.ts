import { definePlugin } from '#core'
import { joinReadings, joinSubscriptions } from './joining.js'
import { topicChannel } from './live.js'
import { panels } from './panel.js'
import { forumRoutes, postRoutes, topicRoutes } from './routes.js'
import type { Attachment } from './models.js'
import { searchTopics } from './searching.js'
import { demoTopics } from './seed.js'
import { answered, opened, tellFollowers } from './telling.js'

/** Forums on units and courses: topics and posts, live, with unread marks, followed by whoever wishes. */
export default definePlugin({
  id: 'forum',
  requires: ['organisation', 'learning', 'notifications'],
  routes: [forumRoutes, topicRoutes, postRoutes],
  contributes: {
    permissions: [
      {
        id: 'forum:take-part',
        roles: ['learner', 'trainer', 'coordinator', 'evaluator', 'coach', 'administrator'],
      },
      { id: 'forum:moderate', roles: ['trainer', 'coordinator', 'administrator'] },
    ],
    nav: [{ label: 'forum:nav', href: '/forums', icon: 'chat-dots', order: 50 }],
    panels,
    channels: [topicChannel],
    jobs: [tellFollowers],
    notifications: [answered, opened],
    search: [searchTopics],
    personalData: [
      { model: 'forum.Topic', path: 'author', onErasure: 'anonymise', onMerge: 'move' },
      {
        model: 'forum.Topic',
        path: 'lastAuthor',
        onErasure: 'anonymise',
        onMerge: 'keep',
        others: true,
      },
      {
        model: 'forum.Post',
        path: 'author',
        onErasure: 'anonymise',
        onMerge: 'move',
        files: ({ attachment }) => (attachment ? [attachment as Attachment] : []),
      },
      {
        model: 'forum.Post',
        path: 'removed.by',
        onErasure: 'anonymise',
        onMerge: 'keep',
        others: true,
      },
      { model: 'forum.Reading', path: 'person', onErasure: 'delete', onMerge: joinReadings },
      {
        model: 'forum.Subscription',
        path: 'person',
        onErasure: 'delete',
        onMerge: joinSubscriptions,
      },
    ],
    seeds: [demoTopics],
  },
})
