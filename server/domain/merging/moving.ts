import { contributions } from '../../kernel/plugins.js'
import type { Accounts, PersonalData } from '../people/contract.js'
import { labelOf, modelOf } from '../privacy/records.js'
import type { Figure } from './models.js'

type Counts = Omit<Figure, 'label'>

/**
 * What merging would do to the records of an account, kind by kind, by the rules that every feature declares. Kinds without
 * a record are left out, and so is what is about others and only names the person.
 */
export async function figuresOf(accounts: Accounts): Promise<Figure[]> {
  const rules = contributions('personalData')
  const counted = await Promise.all(rules.map((rule) => countOf(rule, accounts)))
  const byLabel = new Map<string, Counts>()
  for (const [at, { model }] of rules.entries()) {
    const label = labelOf(model)
    byLabel.set(label, sum(byLabel.get(label) ?? none, counted[at] ?? none))
  }
  return [...byLabel]
    .map(([label, counts]) => ({ label, ...counts }))
    .filter(({ moved, joined, dropped, stays }) => moved + joined + dropped + stays > 0)
}

/** Does it. What is made of other records goes before them, so that it is there already when they bring it about. */
export async function moveAll(accounts: Accounts): Promise<void> {
  for (const rule of contributions('personalData').toReversed()) await follow(rule, accounts)
}

const none: Counts = { moved: 0, joined: 0, dropped: 0, stays: 0 }

const sum = (one: Counts, other: Counts): Counts => ({
  moved: one.moved + other.moved,
  joined: one.joined + other.joined,
  dropped: one.dropped + other.dropped,
  stays: one.stays + other.stays,
})

async function countOf(rule: PersonalData, accounts: Accounts): Promise<Counts> {
  const { onMerge, path, others } = rule
  if (others) return none
  if (typeof onMerge === 'object') return { ...none, ...(await onMerge.count(accounts)) }
  const count = await modelOf(rule).countDocuments({ [path]: accounts.lost })
  return { ...none, [fates[onMerge]]: count }
}

const fates = { move: 'moved', follow: 'moved', drop: 'dropped', keep: 'stays' } as const

async function follow(rule: PersonalData, accounts: Accounts): Promise<void> {
  const { onMerge, path } = rule
  const { kept, lost } = accounts
  if (typeof onMerge === 'object') return onMerge.join(accounts)
  if (onMerge === 'drop') await modelOf(rule).deleteMany({ [path]: lost })
  if (onMerge === 'move') {
    const named = { $set: { [path]: renamed(path, { kept, lost }) } }
    await modelOf(rule).collection.updateMany({ [path]: lost }, [named])
  }
}

/** One name for another; in a list each once, in its place. */
function renamed(path: string, { kept, lost }: Accounts): object {
  const list = `$${path}`
  const others = { $filter: { input: list, cond: { $ne: ['$$this', lost] } } }
  const each = {
    $map: { input: list, in: { $cond: [{ $eq: ['$$this', lost] }, kept, '$$this'] } },
  }
  return {
    $cond: [{ $isArray: list }, { $cond: [{ $in: [kept, list] }, others, each] }, kept],
  }
}
