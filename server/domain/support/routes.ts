import { z } from 'zod'
import type { ListFile } from '../../http/list-files.js'
import { pageOf, toPage } from '../../http/lists.js'
import { can, creates, goesTo, routes, shows, signedIn, takes } from '../../http/routes.js'
import { onPerson } from '../organisation/subjects.js'
import { peopleNamed } from '../people/people.js'
import { refusalOf, viewAs } from './fitness.js'
import { minutesOffered, nothing, startForm, viewsQuery } from './forms.js'
import { endings } from './models.js'
import { ownViews, startView, stopView, type SupportView } from './viewing.js'

const at = z.iso.datetime()

const startShown = z.object({
  person: z.object({ id: z.string(), name: z.string() }),
  minutes: z.array(z.number().int()),
  /** Code of what stands against it. */
  refused: z.string().nullable(),
})

const viewShown = z.object({ id: z.string(), person: z.string(), from: at, until: at })

const viewLine = z.object({
  id: z.string(),
  by: z.string(),
  reason: z.string(),
  from: at,
  until: at,
  endedAt: at.nullable(),
  ending: z.enum(endings).nullable(),
})

const viewsFile: ListFile<z.output<typeof viewLine>> = {
  name: 'support:own.title',
  columns: [
    { label: 'support:own.from', kind: 'moment', value: ({ from }) => from },
    { label: 'support:own.ended', kind: 'moment', value: ({ endedAt }) => endedAt ?? undefined },
    { label: 'support:own.by', value: ({ by }) => by },
    { label: 'support:own.reason', value: ({ reason }) => reason },
  ],
}

/** Looking at Palier as a person does, to help. */
export const supportRoutes = routes('', (route) => {
  route.get(
    '/people/:person/support',
    can(viewAs, onPerson),
    shows('support:start', startShown),
    async ({ actor, person }) => ({
      person: { id: person._id, name: person.name },
      minutes: [...minutesOffered],
      refused: await refusalOf(actor, person),
    }),
  )

  route.post(
    '/people/:person/support',
    can(viewAs, onPerson),
    takes(startForm),
    creates('/', viewShown, { said: 'support:start.done' }),
    async ({ actor, person, form }) => shownOf(await startView(actor, person, form)),
  )

  route.post(
    '/support/stop',
    signedIn(),
    takes(nothing, { duringSupport: true }),
    goesTo('/people/:person', {
      schema: z.object({ person: z.string() }),
      said: 'support:bar.stopped',
    }),
    async ({ actor }) => ({ person: await stopView(actor) }),
  )
})

/** When somebody looked as whoever asks does. */
export const ownViewRoutes = routes('/me/support', (route) => {
  route.get(
    '/',
    signedIn(),
    shows('support:own', pageOf(viewLine), { query: viewsQuery, file: viewsFile }),
    async ({ actor, query }) => {
      const { views, total } = await ownViews(actor, query)
      const names = await peopleNamed(views.map(({ by }) => by))
      const lines = views.map(({ by, ...view }) => ({
        ...shownOf({ by, ...view }),
        by: names.get(by)?.name ?? '',
        reason: view.reason,
        endedAt: view.endedAt?.toISOString() ?? null,
        ending: view.ending ?? null,
      }))
      return toPage(lines, total, { path: '/me/support', query })
    },
  )
})

const shownOf = ({ _id, person, from, until }: SupportView) => ({
  id: _id,
  person,
  from: from.toISOString(),
  until: until.toISOString(),
})
