import { NotFound, type Actor } from '#core'
import { TourModel, type Tour } from './models.js'
import { rolesOf, stepsFor, type TourRole } from './steps.js'

export const moves = ['next', 'back', 'close', 'start'] as const
export type Move = (typeof moves)[number]

/** Where an actor is in a tour: at the first step of the first one, who has not begun. */
export async function tourOf(actor: Actor): Promise<Tour> {
  const _id = personOf(actor)
  const [first = 'learner'] = rolesOf(actor)
  const begun = await TourModel.findById(_id).lean<Tour>()
  return begun && rolesOf(actor).includes(begun.role)
    ? begun
    : { _id, role: first, step: 0, closed: begun?.closed ?? false }
}

export interface Moving {
  readonly move: Move
  /** Which tour is begun. */
  readonly role?: TourRole | undefined
  /** The step that is left: sent twice, one goes on once. */
  readonly step?: number | undefined
}

/** Goes a step on or back, ends a tour for good, or begins one again. After the last step it is ended. */
export async function moveOn(actor: Actor, { move, role, step }: Moving): Promise<void> {
  const tour = await tourOf(actor)
  if (role && !rolesOf(actor).includes(role)) throw new NotFound()
  const { _id, ...rest } = moved(tour, { move, role, step })
  await TourModel.updateOne({ _id }, { $set: rest }, { upsert: true })
}

function moved(tour: Tour, { move, role = tour.role, step = tour.step }: Moving): Tour {
  if (move === 'start') return { ...tour, role, step: 0, closed: false }
  if (move === 'close') return { ...tour, closed: true }
  const last = stepsFor(tour.role).length - 1
  if (move === 'back') return { ...tour, step: Math.min(last, Math.max(0, step - 1)) }
  return step >= last ? { ...tour, step: 0, closed: true } : { ...tour, step: step + 1 }
}

function personOf({ person }: Actor): string {
  if (!person) throw new NotFound()
  return person
}
