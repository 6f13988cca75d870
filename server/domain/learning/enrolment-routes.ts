import type { z } from 'zod'
import { NotFound } from '../../errors.js'
import { already, can, creates, goesTo, routes, signedIn, takes } from '../../http/routes.js'
import type { Actor, Id, Name } from '../../kernel/contract.js'
import { actsFor } from '../people/access.js'
import { audit } from '../people/audit.js'
import { giveAnotherAttempt, type Attempt } from './attempts.js'
import { stepsOf } from './courses.js'
import { enrollable, enrolAllowed } from './enrolling.js'
import {
  decideEnrolments,
  onEnrolment,
  ownedEnrolment,
  type PlacedEnrolment,
} from './enrolment-subjects.js'
import { approve, enrolmentOf, leave, refuse, type Decider, type Enrolment } from './enrolments.js'
import { nothing } from './forms.js'
import { attemptForm, enrolForm } from './learner-forms.js'
import { attemptShown, enrolmentShown } from './learner-shown.js'
import { enrolmentLine } from './standing.js'
import { onCourse } from './subjects.js'

export const enrollingRoutes = routes('/courses', (route) => {
  route.post(
    '/:course/enrolments',
    signedIn(onCourse),
    takes(enrolForm, { page: '/courses/:course' }),
    creates('/courses/:course', enrolmentShown, { said: 'learning:said.enrolled' }),
    async ({ actor, course, form }) => {
      const allowed = await enrollable(actor, course, form.person)
      const given = { ...allowed, dueAt: form.due, agreed: form.agreed }
      const { enrolment, isNew } = await enrolAllowed(actor, course, given)
      const shown = enrolmentLine(enrolment)
      return isNew ? shown : already(shown)
    },
  )

  route.post(
    '/:course/leave',
    signedIn(onCourse),
    takes(nothing, { page: '/courses/:course' }),
    goesTo('/courses/:course', { said: 'learning:said.left' }),
    async ({ actor, course }) => {
      const enrolment = actor.person ? await enrolmentOf(actor.person, course._id) : null
      if (!enrolment) throw new NotFound()
      await leave(enrolment)
    },
  )
})

/** What may become of an enrolment by another's decision, what is said of it, and how the log calls it. */
const decisions = {
  approve: { carryOut: approve, said: 'learning:said.approved', action: 'learning:approved' },
  refuse: { carryOut: refuse, said: 'learning:said.refused', action: 'learning:refused' },
  end: { carryOut: leave, said: 'learning:said.ended', action: 'learning:enrolment-ended' },
} as const satisfies Record<string, Decision>

interface Decision {
  carryOut(enrolment: Enrolment, by: Decider): Promise<void>
  readonly said: Name
  readonly action: Name
}

export const enrolmentRoutes = routes('/enrolments', (route) => {
  const decides = can(decideEnrolments, onEnrolment)

  for (const [name, decision] of Object.entries(decisions)) {
    route.post(
      `/:enrolment/${name}`,
      decides,
      takes(nothing),
      goesTo('/courses/:course/participants', { schema: enrolmentShown, said: decision.said }),
      async ({ actor, enrolment }) => {
        await decideAs(actor, enrolment, decision)
        return shownNow(enrolment.enrolment)
      },
    )
  }

  route.post(
    '/:enrolment/attempts',
    decides,
    takes(attemptForm),
    creates('/courses/:course/progress?person=:person', attemptShown, {
      said: 'learning:said.another-attempt',
    }),
    async ({ actor, enrolment, form }) => {
      const { attempt, isNew } = await giveAttempt(actor, enrolment, form)
      const { _id, number, course, person } = attempt
      const shown = { attempt: _id, number, course, person }
      return isNew ? shown : already(shown)
    },
  )
})

async function giveAttempt(
  actor: Actor,
  { enrolment, person, course }: PlacedEnrolment,
  { activity: id, number, reason }: z.infer<typeof attemptForm>,
): Promise<{ attempt: Attempt; isNew: boolean }> {
  const activity = stepsOf(course).find((step) => step.id === id)
  if (!activity) throw new NotFound()
  const by = actor.person ?? actor.name
  const given = await giveAnotherAttempt(enrolment, { activity, number, by, reason })
  const details = { course: course.title, step: activity.title, reason }
  if (!given.isNew) return given
  await audit(actor, 'learning:attempt-given', { object: person._id, details })
  return given
}

async function decideAs(
  actor: Actor,
  placed: PlacedEnrolment,
  { carryOut, action }: Decision,
): Promise<void> {
  const { enrolment, person, course } = placed
  const actedFor = actsFor(actor, decideEnrolments, ownedEnrolment(placed))
  await carryOut(enrolment, {
    decidedBy: actor.person ?? actor.name,
    ...(actedFor && { decidedFor: actedFor }),
  })
  const details = { course: course.title, actedFor }
  await audit(actor, action, { object: person._id, details })
}

async function shownNow({ person, course }: { person: Id; course: Id }) {
  const enrolment = await enrolmentOf(person, course)
  if (!enrolment) throw new NotFound()
  return enrolmentLine(enrolment)
}
