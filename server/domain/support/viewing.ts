import type { QueryFilter } from 'mongoose'
import { Conflict, NotFound } from '../../errors.js'
import { orderOf, windowOf } from '../../http/lists.js'
import type { Actor, Contributions, Id } from '../../kernel/contract.js'
import { earliest, now } from '../../platform/clock.js'
import { isDuplicateKey } from '../../platform/database.js'
import type { Job } from '../../platform/jobs.js'
import { owes, settle } from '../../platform/owed.js'
import { pageAndTotal } from '../../platform/totals.js'
import { wordFilter, wordsOf } from '../../platform/words.js'
import { notify } from '../notifications/notify.js'
import { grantsNow, ownerOf } from '../people/actors.js'
import { audit, authorOf } from '../people/audit.js'
import type { EndedSessions } from '../people/contract.js'
import { findPerson, type Person } from '../people/people.js'
import { markSession } from '../people/sessions.js'
import { refuseUnfit } from './fitness.js'
import { viewOrders, type StartForm, type ViewsQuery } from './forms.js'
import { SupportViewModel, type Ending, type SupportView } from './models.js'
import { viewed } from './notifying.js'

export type { SupportView } from './models.js'

/**
 * From now on the actor's session looks at Palier as the person does: until the time asked for is over, or the person's
 * rights change by date. The person is told and the log has its line before anything is shown. Throws as `refuseUnfit`.
 */
export async function startView(
  actor: Actor,
  person: Person,
  { id, reason, minutes }: StartForm,
): Promise<SupportView> {
  await refuseUnfit(actor, person)
  await endOthersOf(ownerOf(actor))
  const from = now()
  const asked = new Date(Number(from) + minutes * 60_000)
  const view: SupportView = {
    _id: id,
    by: ownerOf(actor),
    person: person._id,
    session: actor.session ?? '',
    reason,
    words: wordsOf(reason),
    from,
    until: earliest([asked, (await grantsNow(person._id)).validUntil]) ?? asked,
    open: true,
    revision: 1,
    owed: ['tell', 'log'],
  }
  await SupportViewModel.create(view).catch((error: unknown) => {
    throw isDuplicateKey(error) ? new Conflict('support:already') : error
  })
  await settle(SupportViewModel, view._id)
  await markSession(view.session, view._id)
  return view
}

/** Ends the view of the actor's session. Returns whom it looked as; throws `Conflict('support:over')` without one. */
export async function stopView({ session, supportView }: Actor): Promise<Id> {
  const view = await SupportViewModel.findById(supportView ?? '').lean<SupportView>()
  if (!view || !session) throw new Conflict('support:over')
  await endView(view, 'stopped')
  await markSession(session, undefined)
  return view.person
}

/** Ends a view, once: whoever comes second changes nothing. */
export async function endView({ _id, until }: SupportView, ending: Ending): Promise<void> {
  const at = now()
  const { modifiedCount } = await SupportViewModel.updateOne(
    { _id, open: true },
    {
      $set: { endedAt: until < at ? until : at, ending },
      $unset: { open: 1 },
      $push: { owed: 'log-end' },
      $inc: { revision: 1 },
    },
  )
  if (modifiedCount > 0) await settle(SupportViewModel, _id)
}

/** The view that a session looks by, while it is open. */
export async function openViewOf({ person, session, supportView }: Actor) {
  const marked = { _id: supportView ?? '', by: person ?? '', session: session ?? '' }
  return SupportViewModel.findOne({ ...marked, open: true }).lean<SupportView>()
}

/** Whoever looks is out with their session, and whoever is looked at ends it by signing out everywhere. */
export const endsWithSessions: Contributions['sessionEnds'] = {
  id: 'support:views',
  ended: async (what, why) => {
    for (const view of await openViews(concerned(what))) await endView(view, why)
  },
}

/** Ends what nobody has asked anything of since its time was over. */
export const endDueViews: Job = {
  id: 'support:end-due-views',
  every: '1 minute',
  async run() {
    for (const view of await openViews({ until: { $lte: now() } })) await endView(view, 'time')
  },
}

/** A page of when somebody looked as the actor does, the latest first. One more than shown is fetched. */
export async function ownViews(
  actor: Actor,
  query: ViewsQuery,
): Promise<{ views: SupportView[]; total: number }> {
  const filter = { person: ownerOf(actor), ...wordFilter(query.q) } as object
  const sort = orderOf(viewOrders, query.sort, '-from')
  const { found, total } = await pageAndTotal(SupportViewModel, filter, {
    sort,
    ...windowOf(query),
  })
  return { views: found, total }
}

/** A browser that was closed still looks: whoever begins anew has left it. */
async function endOthersOf(by: Id): Promise<void> {
  for (const view of await openViews({ by })) await endView(view, 'stopped')
}

const openViews = (filter: QueryFilter<SupportView>): Promise<SupportView[]> =>
  SupportViewModel.find({ ...filter, open: true })
    .lean<SupportView[]>()
    .exec()

function concerned(what: EndedSessions): QueryFilter<SupportView> {
  if ('session' in what) return { session: what.session }
  const people = { $in: [...what.people] }
  const session = what.but === undefined ? {} : { session: { $ne: what.but } }
  return { $or: [{ person: people }, { by: people, ...session }] }
}

owes<SupportView>(SupportViewModel, {
  tell: async ({ _id, by, person, reason, from, until }) => {
    const [{ name }, { timeZone }] = await Promise.all([named(by), findPerson(person)])
    const data = { by: name, reason, from, until, timeZone }
    await notify(person, viewed, { data, key: _id })
  },
  log: async ({ by, person, reason, until }) =>
    audit(await authorOf(by), 'support:started', {
      object: person,
      details: { reason, until: until.toISOString() },
    }),
  'log-end': async ({ by, person, reason, ending }) =>
    audit(await authorOf(by), 'support:ended', {
      object: person,
      details: { reason, ending },
    }),
})

const named = async (id: Id): Promise<{ name: string }> =>
  findPerson(id).catch((error: unknown) => {
    if (error instanceof NotFound) return { name: '' }
    throw error
  })
