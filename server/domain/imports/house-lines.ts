import type { Rearranged, Post, Unit } from '../organisation/rosters.js'
import type { Wanted } from './checking.js'
import { leadsBack, postAbove, postTitled, unitCalled, type House } from './house.js'
import type { Change } from './models.js'
import { newPost, untouched } from './moving.js'
import { refusal, type Planned, type Planning } from './planning.js'

/** Plans a line without a person: a unit, or a post in it. */
export function planPlace({ house, at }: Planning, wanted: Wanted): Planned {
  const unit = unitCalled(house, wanted)
  if ('fault' in unit) return refusal([unit.fault])
  const units = unit.isNew ? [unit.found] : []
  if (!wanted.post) return created(units.length > 0, { ...untouched, units })
  const known = postTitled(house, unit.found._id, wanted.post)
  if (known) return planPost(house, { post: known, unit: unit.found, wanted, at })
  const post = newPost(house, unit.found, { ...wanted, at })
  if ('fault' in post) return refusal([post.fault])
  return created(true, { ...untouched, units, posts: [post.found] })
}

const created = (isNew: boolean, change: typeof untouched): Planned =>
  isNew
    ? { outcome: 'create', changes: [], faults: [], steps: { house: change } }
    : { outcome: 'same', changes: [], faults: [] }

interface PostLine {
  readonly post: Post
  readonly unit: Unit
  readonly wanted: Wanted
  readonly at: Date
}

/** A post that is there: its altitude, and which post it reports to. */
function planPost(house: House, { post, unit, wanted, at }: PostLine): Planned {
  const { altitude = post.altitude, reportsTo } = wanted
  const above = reportsTo ? postAbove(house, unit, reportsTo) : undefined
  if (above && 'fault' in above) return refusal([above.fault])
  const line = above ? above.found._id : post.reportsTo
  if (leadsBack(house, post._id, line)) {
    return refusal([{ code: 'line-in-a-ring', column: 'reportsTo', value: reportsTo ?? '' }])
  }
  const changes: Change[] = [
    ...(altitude === post.altitude
      ? []
      : [{ field: 'altitude' as const, from: post.altitude, to: altitude }]),
    ...(line === post.reportsTo
      ? []
      : [
          {
            field: 'reportsTo' as const,
            from: house.posts.get(post.reportsTo ?? '')?.title ?? null,
            to: above?.found.title ?? null,
          },
        ]),
  ]
  if (changes.length === 0) return { outcome: 'same', changes, faults: [] }
  const rearranged = [rearrangedAs(post, { ...post, altitude, reportsTo: line }, at)]
  return { outcome: 'change', changes, faults: [], steps: { house: { ...untouched, rearranged } } }
}

/** A line of report that ends stays in the record. */
function rearrangedAs(before: Post, after: Post, at: Date): Rearranged {
  const moved = before.reportsTo !== after.reportsTo
  const over = { post: before.reportsTo, from: before.reportsSince, to: at }
  return {
    id: before._id,
    before: placeOf(before),
    after: placeOf({
      ...after,
      ...(moved && { reportsSince: at, formerLines: [...before.formerLines, over] }),
    }),
  }
}

const placeOf = ({ altitude, reportsTo, reportsSince, formerLines }: Post) => ({
  altitude,
  reportsTo,
  reportsSince,
  formerLines,
})
