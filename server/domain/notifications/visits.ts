import type { Panel, PanelRequest } from '../../http/shell.js'
import type { Actor, Id, Name } from '../../kernel/contract.js'
import { contributions } from '../../kernel/plugins.js'
import { now } from '../../platform/clock.js'
import { isDuplicateKey } from '../../platform/database.js'
import { VisitModel, type Change, type Visit } from './models.js'

const hour = 3_600_000
/** After so long one visits again; while one does, it is noted this often that one was here. */
const between = 4 * hour
const noted = 10 * 60_000

/** What has changed since the last visit, on the home page until the next one. */
export const changesPanel: Panel = {
  place: 'home',
  view: 'notifications:changes',
  order: 5,
  load: async ({ actor, t }: PanelRequest) => {
    // Whoever looks as somebody else does is not a visit of theirs.
    if (!actor.person || actor.support) return undefined
    const { since, changes } = await visitOf(actor, actor.person)
    const lines = changes.flatMap(({ source, count }) => {
      const known = contributions('changes').find(({ id }) => id === source)
      return known
        ? [{ icon: known.icon, href: known.href(actor), text: t(textOf(source), { count }) }]
        : []
    })
    return since && lines.length > 0 ? { since: since.toISOString(), lines } : undefined
  },
}

/** The visit under way; with a new one, what has changed since the one before is counted, once. */
async function visitOf(actor: Actor, person: Id): Promise<Visit> {
  const at = now()
  const known = await VisitModel.findById(person).lean<Visit>()
  if (!known) return beginFirst(person)
  const silence = Number(at) - Number(known.lastAt)
  if (silence < noted) return known
  const next = silence < between ? {} : { since: known.lastAt, changes: await count(actor, known) }
  await VisitModel.updateOne(
    { _id: person, lastAt: known.lastAt },
    { $set: { lastAt: at, ...next } },
  )
  return { ...known, ...next }
}

async function beginFirst(person: Id): Promise<Visit> {
  const visit: Visit = { _id: person, lastAt: now(), changes: [] }
  try {
    await VisitModel.create(visit)
  } catch (error) {
    if (!isDuplicateKey(error)) throw error
  }
  return visit
}

async function count(actor: Actor, { lastAt }: Visit): Promise<Change[]> {
  const counted = await Promise.all(
    contributions('changes').map(async (source) => ({
      source: source.id,
      count: await source.count(actor, lastAt),
    })),
  )
  return counted.filter((change) => change.count > 0)
}

/** `badges:awards` is said by `badges:changes.awards`. */
const textOf = (source: Name): Name => source.replace(':', ':changes.') as Name
