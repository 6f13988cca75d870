import type { Id } from '../../kernel/contract.js'
import type { Holder, Post } from './models.js'

/** Whether a period covers a moment: from its first instant, up to but not including its end. */
export const covers = (
  { from, to }: { readonly from: Date; readonly to?: Date | null },
  at: Date,
): boolean => from <= at && (!to || to > at)

/** Who answers for a post at a moment: its holder, or while it is vacant the deputy. Nobody otherwise. */
export function inCharge({ holders }: Post, at: Date): Id | undefined {
  const now = holders.filter((holder) => covers(holder, at))
  const one = now.find((holder) => holder.as === 'holder') ?? now.find(({ as }) => as === 'deputy')
  return one?.person
}

/** Whether a post has no holder at a moment, deputy or not. */
export const isVacant = ({ holders }: Post, at: Date): boolean =>
  !holders.some((holder) => holder.as === 'holder' && covers(holder, at))

/** Which post a post reports to at a moment. */
export function lineAt({ formerLines, reportsTo, reportsSince }: Post, at: Date): Id | null {
  if (at >= reportsSince) return reportsTo
  return formerLines.find((line) => covers(line, at))?.post ?? null
}

/** The one post that says where a person belongs: held before deputised, then the one held latest. */
export function ownPost(posts: readonly Post[], person: Id, at: Date): Post | undefined {
  const held = posts.flatMap((post) =>
    post.holders
      .filter((holder) => holder.person === person && covers(holder, at))
      .map((holder) => ({ post, holder })),
  )
  return held.sort((a, b) => rank(a.holder) - rank(b.holder))[0]?.post
}

/** Who manages a person: whoever is in charge of the post above, or of the next one up that is not vacant. */
export function managerAt(posts: ReadonlyMap<Id, Post>, person: Id, at: Date): Id | null {
  const seen = new Set<Id>()
  const own = ownPost([...posts.values()], person, at)
  const deputised = own && inCharge(own, at) !== person
  let above = deputised ? own : postAbove(posts, own, at)
  while (above && !seen.has(above._id)) {
    seen.add(above._id)
    const who = inCharge(above, at)
    if (who && who !== person) return who
    above = postAbove(posts, above, at)
  }
  return null
}

/** Adds a holder; a new holder ends the one before on that day. */
export function withHolder(holders: readonly Holder[], added: Holder): Holder[] {
  const ended = holders.map((holder) =>
    added.as === 'holder' && holder.as === 'holder' && covers(holder, added.from)
      ? { ...holder, to: added.from }
      : holder,
  )
  return [...ended.filter(({ from, to }) => !to || to > from), added]
}

/** Holders as they are when nobody holds a post twice at a time: what overlaps is one, from its beginning to its end. */
export function withoutOverlap(holders: readonly Holder[]): Holder[] {
  const inOrder = holders.toSorted((a, b) => Number(a.from) - Number(b.from))
  return inOrder.reduce<Holder[]>((joined, next) => {
    const at = joined.findIndex(
      (one) => isSameHolder(one, next) && (!one.to || one.to >= next.from),
    )
    const before = joined[at]
    if (!before) return [...joined, next]
    const to = before.to && next.to ? new Date(Math.max(Number(before.to), Number(next.to))) : null
    return joined.with(at, { ...before, to })
  }, [])
}

const isSameHolder = (one: Holder, other: Holder): boolean =>
  one.person === other.person && one.as === other.as

function postAbove(
  posts: ReadonlyMap<Id, Post>,
  post: Post | undefined,
  at: Date,
): Post | undefined {
  const line = post && lineAt(post, at)
  return line ? posts.get(line) : undefined
}

/** Holders first, then the latest. */
const rank = ({ as, from }: Holder): number =>
  (as === 'holder' ? 0 : Number.MAX_SAFE_INTEGER / 2) - Number(from)
