import { definePlugin } from '../../kernel/contract.js'
import '../organisation/contract.js'
import { compareAgain } from '../people/likeness.js'
import { comparePeople } from './comparing.js'
import { manage } from './merging.js'
import { merged } from './notifying.js'
import { samePersonPanel } from './panel.js'
import { mergeRoutes, pairRoutes } from './routes.js'

/** Accounts that may be of one person are found, and two of one person become one. */
export default definePlugin({
  id: 'merging',
  requires: ['people', 'organisation', 'privacy', 'notifications'],
  routes: [pairRoutes, mergeRoutes],
  on: { 'organisation:moved': ({ people }) => compareAgain(people) },
  contributes: {
    nav: [
      {
        label: 'merging:pairs.title',
        href: '/people/duplicates',
        icon: 'people',
        needs: manage,
        order: 205,
        group: 'admin',
      },
    ],
    panels: [samePersonPanel],
    jobs: [comparePeople],
    notifications: [merged],
    personalData: [
      { model: 'merging.Pair', path: 'first', onErasure: 'delete', onMerge: 'drop' },
      { model: 'merging.Pair', path: 'second', onErasure: 'delete', onMerge: 'drop' },
      {
        model: 'merging.Pair',
        path: 'dismissedBy',
        onErasure: 'anonymise',
        onMerge: 'keep',
        others: true,
      },
      {
        model: 'merging.Merge',
        path: '_id',
        onErasure: 'keep',
        onMerge: 'keep',
        reason: 'accountability',
      },
      {
        model: 'merging.Merge',
        path: 'kept',
        onErasure: 'keep',
        onMerge: 'keep',
        reason: 'accountability',
      },
      {
        model: 'merging.Merge',
        path: 'by',
        onErasure: 'keep',
        onMerge: 'keep',
        reason: 'accountability',
      },
    ],
  },
})
