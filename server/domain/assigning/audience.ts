import type { Id } from '../../kernel/contract.js'
import type { Altitude } from '../organisation/positions.js'

/** Whom an assignment is for: who fits all that is said, today and later. */
export interface Audience {
  /** In this unit or below. */
  readonly unit?: Id
  /** Among these people. */
  readonly people?: readonly Id[]
  /** In one of these posts. */
  readonly posts?: readonly Id[]
  /** In a post at this altitude. */
  readonly altitude?: Altitude
  /** Among the reports of this line manager. */
  readonly manager?: Id
}

/** Where somebody stands today. Whoever has left stands nowhere. */
export interface Place {
  readonly person: Id
  readonly active: boolean
  readonly units: readonly Id[]
  readonly manager: Id | null
  readonly post?: { readonly post: Id; readonly altitude: Altitude } | undefined
}

/** Whether an audience includes a person. One that says nothing includes nobody. */
export function includes(audience: Audience, place: Place): boolean {
  const { unit, people, posts, altitude, manager } = audience
  if (!place.active || (unit === undefined && people === undefined)) return false
  return (
    (unit === undefined || place.units.includes(unit)) &&
    (people === undefined || people.includes(place.person)) &&
    (posts === undefined || (place.post !== undefined && posts.includes(place.post.post))) &&
    (altitude === undefined || place.post?.altitude === altitude) &&
    (manager === undefined || place.manager === manager)
  )
}
