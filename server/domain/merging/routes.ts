import { toPage } from '../../http/lists.js'
import { can, goesTo, routes, shows, takes } from '../../http/routes.js'
import { visiblePerson } from '../organisation/directory.js'
import { peopleMeant } from '../organisation/meaning.js'
import { onPerson } from '../organisation/subjects.js'
import { mergeForm, mergeQuery, nothing, pairsQuery } from './forms.js'
import { pairsFile } from './list-files.js'
import { manage, mergeAccounts } from './merging.js'
import { dismiss, listPairs, reopen } from './pairs.js'
import { mergePage, pairLines } from './presenting.js'
import { mergeShown, pairsShown } from './shown.js'
import { onPair } from './subjects.js'

/** Accounts that may be of one person. */
export const pairRoutes = routes('/people/duplicates', (route) => {
  route.get(
    '/',
    can(manage),
    shows('merging:pairs', pairsShown, { query: pairsQuery, file: pairsFile }),
    async ({ actor, query, language }) => {
      const { pairs, total } = await listPairs(actor, query)
      const lines = await pairLines(pairs, language)
      return toPage(lines, total, { path: '/people/duplicates', query })
    },
  )

  route.post(
    '/:pair/dismiss',
    can(manage, onPair),
    takes(nothing, { page: '/people/duplicates' }),
    goesTo('/people/duplicates', { said: 'merging:pairs.dismissed' }),
    ({ actor, pair }) => dismiss(actor, pair),
  )

  route.post(
    '/:pair/reopen',
    can(manage, onPair),
    takes(nothing, { page: '/people/duplicates' }),
    goesTo('/people/duplicates', { said: 'merging:pairs.reopened' }),
    ({ actor, pair }) => reopen(actor, pair),
  )
})

/** What merging an account into another would do, and doing it. */
export const mergeRoutes = routes('/people/:person/merge', (route) => {
  route.get(
    '/',
    can(manage, onPerson),
    shows('merging:merge', mergeShown, { query: mergeQuery }),
    ({ actor, person, query, language }) =>
      mergePage(actor, { lost: person, into: query.into, language }),
  )

  route.post(
    '/',
    can(manage, onPerson),
    takes(mergeForm, { page: '/people/:person/merge' }),
    goesTo('/people/:into', { schema: mergeForm, said: 'merging:merge.done' }),
    async ({ actor, person, form }) => {
      const kept = await visiblePerson(actor, form.into, manage)
      await mergeAccounts(actor, { kept, lost: person })
      return form
    },
  )

  route.post(
    '/other',
    can(manage, onPerson),
    takes(mergeForm, { page: '/people/:person/merge' }),
    goesTo('/people/:person/merge?into=:into', { schema: mergeForm }),
    async ({ actor, form }) => {
      const [into = ''] = await peopleMeant(actor, [form.into], {
        permission: manage,
        field: 'into',
      })
      return { into }
    },
  )
})
