import { NotFound } from '../../errors.js'
import { subject } from '../../http/routes.js'
import type { Actor, Id } from '../../kernel/contract.js'
import { may } from '../people/access.js'
import { findPerson, type Person } from '../people/people.js'
import { CourseModel, EnrolmentModel, type Course, type Enrolment } from './models.js'

/** An enrolment with the person and the course it is about. */
export interface PlacedEnrolment {
  readonly enrolment: Enrolment
  readonly person: Person
  readonly course: Course
}

/** The permissions of those who teach the course, lead the person, or coordinate the unit. */
export const readProgress = 'learning:read-progress'
export const enrolOthers = 'learning:enrol-others'
export const decideEnrolments = 'learning:decide-enrolments'
export const seeOverview = 'learning:see-overview'

export const ownedEnrolment = ({ person, course }: Pick<PlacedEnrolment, 'person' | 'course'>) => ({
  person: person._id,
  units: person.units,
  manager: person.manager ?? null,
  owners: course.trainers,
})

/** `:enrolment`, for its person and for whoever may read its progress. */
export const onEnrolment = subject({
  name: 'enrolment',
  load: async (actor: Actor, id: Id): Promise<PlacedEnrolment> => {
    const enrolment = await EnrolmentModel.findById(id).lean<Enrolment>()
    const placed = enrolment && (await placedOf(enrolment))
    if (!placed || !may(actor, readProgress, ownedEnrolment(placed))) throw new NotFound()
    return placed
  },
  owned: (placed: PlacedEnrolment) => ownedEnrolment(placed),
  sample: async () => {
    const found = await EnrolmentModel.find({}).sort({ _id: 1 }).limit(60).lean<Enrolment[]>()
    const seen = new Set<Id>()
    const some = found.filter(({ person }) => !seen.has(person) && seen.add(person)).slice(0, 6)
    const placed = await Promise.all(some.map(placedOf))
    return placed.flatMap((one) => (one ? [{ id: one.enrolment._id, ...ownedEnrolment(one) }] : []))
  },
})

async function placedOf(enrolment: Enrolment): Promise<PlacedEnrolment | undefined> {
  const course = await CourseModel.findById(enrolment.course).lean<Course>()
  return course ? { enrolment, course, person: await findPerson(enrolment.person) } : undefined
}
