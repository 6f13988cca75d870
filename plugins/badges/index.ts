import { definePlugin } from '#core'
import { awarded, awardForCompletion, awardForLevel } from './awards.js'
import { earnedAwards } from './changes.js'
import { joinAwards, joinShowcases, joinTallies } from './joining.js'
import { profilePanel } from './profile.js'
import { earnedBadges } from './record.js'
import { audienceRoutes, badgeRoutes, editingRoutes, holderRoutes } from './routes.js'
import { demoBadges } from './seed.js'

/** Badges that people earn by completing a course or reaching a level, each once. */
export default definePlugin({
  id: 'badges',
  requires: ['organisation', 'competencies', 'learning', 'notifications'],
  enhances: ['records'],
  routes: [badgeRoutes, editingRoutes, holderRoutes, audienceRoutes],
  on: {
    'learning:completed': awardForCompletion,
    'competencies:level-changed': awardForLevel,
  },
  contributes: {
    permissions: [{ id: 'badges:manage', roles: ['trainer', 'administrator'] }],
    nav: [{ label: 'badges:nav', href: '/badges', icon: 'award', order: 60 }],
    panels: [profilePanel],
    recordSections: [earnedBadges],
    notifications: [awarded],
    changes: [earnedAwards],
    personalData: [
      { model: 'badges.Award', path: 'person', onErasure: 'delete', onMerge: joinAwards },
      { model: 'badges.Showcase', path: '_id', onErasure: 'delete', onMerge: joinShowcases },
      { model: 'badges.Tally', path: '_id', onErasure: 'delete', onMerge: joinTallies },
      { model: 'badges.Badge', path: 'author', onErasure: 'anonymise', onMerge: 'keep' },
    ],
    seeds: [demoBadges],
  },
})
