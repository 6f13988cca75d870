import { Forbidden, Unavailable } from '../../errors.js'
import type { Actor } from '../../kernel/contract.js'
import { contributions } from '../../kernel/plugins.js'
import { may } from '../people/access.js'
import type { PlacedActivity } from './activities.js'
import { openAttempt } from './attempts.js'
import type { Play, PlayerPage } from './contract.js'
import { authorCourses, ownedCourse } from './courses.js'
import { enrolmentOf, type Enrolment } from './enrolments.js'
import type { Attempt, Course } from './models.js'
import { findPackageVersion } from './packages.js'

/** What is needed to go through an activity: whose attempt it is, and the player of a package. */
export interface Playing extends PlacedActivity {
  readonly attempt: Play['attempt'] & Partial<Attempt>
  readonly enrolment: Enrolment | undefined
  readonly preview: boolean
  readonly page: PlayerPage | undefined
}

/**
 * An activity before its learner, with the attempt that is open. With `preview`, for those who may write the course:
 * nothing is kept of it. Throws `learning:not-enrolled`.
 */
export async function openActivity(
  actor: Actor,
  placed: PlacedActivity,
  { preview }: { preview: boolean },
): Promise<Playing> {
  const begun = preview ? previewOf(actor, placed) : await attemptOf(actor, placed)
  return {
    ...placed,
    ...begun,
    preview,
    page: await playerPage(actor, placed, { ...begun, preview }),
  }
}

/** Whether a person takes part in a course today: then its activities are open to them. */
export async function mayPlay(actor: Actor, { _id }: Pick<Course, '_id'>): Promise<boolean> {
  const enrolment = actor.person ? await enrolmentOf(actor.person, _id) : null
  return takesPart(enrolment)
}

const takesPart = (enrolment: Enrolment | null): enrolment is Enrolment =>
  enrolment?.status === 'active' || enrolment?.status === 'completed'

type Begun = Pick<Playing, 'attempt' | 'enrolment'>

async function attemptOf(actor: Actor, { course, activity }: PlacedActivity): Promise<Begun> {
  const enrolment = actor.person ? await enrolmentOf(actor.person, course._id) : null
  if (!takesPart(enrolment)) throw new Forbidden('learning:not-enrolled')
  return { attempt: await openAttempt(enrolment, activity), enrolment }
}

function previewOf(actor: Actor, { course, activity }: PlacedActivity): Begun {
  if (!may(actor, authorCourses, ownedCourse(course))) throw new Forbidden()
  const person = actor.person ?? actor.name
  const attempt = {
    _id: `preview|${person}|${activity.id}`,
    person,
    course: course._id,
    activity: activity.id,
    ...(activity.version && { version: activity.version }),
  }
  return { attempt, enrolment: undefined }
}

async function playerPage(
  actor: Actor,
  { course, activity }: PlacedActivity,
  { attempt, preview }: { attempt: Playing['attempt']; preview: boolean },
): Promise<PlayerPage | undefined> {
  if (activity.kind !== 'package' || !attempt.version) return undefined
  const version = await findPackageVersion(attempt.version)
  const handler = contributions('packages').find(({ id }) => id === version.handler)
  if (!handler) throw new Unavailable('learning:no-player')
  return handler.player({ actor, attempt, activity, course, version, preview })
}
