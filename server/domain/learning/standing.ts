import type { z } from 'zod'
import type { Actor, Id } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { deciding } from './completing.js'
import { stepsOf } from './courses.js'
import { enrolmentOf } from './enrolments.js'
import { isoDuration, scoreText, whyCourse, whyStep, type Reader } from './explaining.js'
import type { State } from './learner-forms.js'
import type { enrolmentShown, standingShown, stepStanding } from './learner-shown.js'
import type { Activity, ActivityProgress, Course, Enrolment } from './models.js'

export type Standing = z.input<typeof standingShown>
type Step = z.input<typeof stepStanding>

/** How far a person has come in a course, step by step and why, in the actor's words. By default the actor. */
export async function progressFor(
  actor: Actor,
  course: Course,
  person: Id | undefined = actor.person,
): Promise<Standing> {
  const enrolment = person ? await enrolmentOf(person, course._id) : null
  return standingOf(actor, course, enrolment)
}

/** The same of an enrolment that was read already, or of nobody's. */
export function standingOf(reader: Reader, course: Course, enrolment: Enrolment | null): Standing {
  const progress = enrolment?.activities ?? {}
  const steps = stepsOf(course)
  const wanted = deciding(steps)
  const missing = wanted.filter(({ id }) => !progress[id]?.done)
  const seconds = steps.reduce((sum, { id }) => sum + (progress[id]?.seconds ?? 0), 0)
  const total = wanted.length
  return {
    enrolment: enrolment && enrolmentLine(enrolment),
    activities: steps.map((step) => stepOf(reader, step, progress[step.id])),
    completed: Boolean(enrolment?.completedAt),
    stepsDone: total - missing.length,
    stepsTotal: total,
    time: isoDuration(seconds),
    seconds,
    goOn: whereToGoOn(steps, progress)?.id ?? null,
    why: whyCourse(reader, enrolment, { missing: missing.map(({ title }) => title), total }),
  }
}

/** The step a person was at last and has not done, else the first that is not done. */
export function whereToGoOn(
  steps: readonly Activity[],
  progress: Enrolment['activities'],
): Activity | undefined {
  const open = steps.filter(({ id }) => !progress[id]?.done)
  const begun = open
    .filter(({ id }) => progress[id])
    .toSorted((a, b) => Number(progress[b.id]?.savedAt) - Number(progress[a.id]?.savedAt))
  return begun[0] ?? open[0]
}

/** What an enrolment is called: its status, and once active whether it was begun. */
export function stateOf({ status, startedAt }: Pick<Enrolment, 'status' | 'startedAt'>): State {
  if (status !== 'active') return status
  return startedAt ? 'in-progress' : 'not-started'
}

/** Whether what was due is still to do. */
export const isOverdue = ({ status, dueAt }: Pick<Enrolment, 'status' | 'dueAt'>): boolean =>
  status === 'active' && dueAt !== undefined && dueAt < now()

export function enrolmentLine(enrolment: Enrolment): z.input<typeof enrolmentShown> {
  const { _id, person, course, status, cycle, enrolledAt, dueAt, startedAt, lastAt, completedAt } =
    enrolment
  return {
    id: _id,
    person,
    course,
    status,
    state: stateOf(enrolment),
    overdue: isOverdue(enrolment),
    signs: [...(enrolment.signs ?? [])],
    cycle,
    enrolledAt: enrolledAt.toISOString(),
    dueAt: dueAt?.toISOString() ?? null,
    startedAt: startedAt?.toISOString() ?? null,
    lastAt: lastAt?.toISOString() ?? null,
    completedAt: completedAt?.toISOString() ?? null,
  }
}

function stepOf(reader: Reader, step: Activity, progress: ActivityProgress | undefined): Step {
  const { id, title, kind, required, minutes, criterion } = step
  return {
    id,
    title,
    kind,
    required,
    minutes: minutes ?? null,
    status: statusOf(progress),
    score: progress?.score ? { ...progress.score } : null,
    scoreText: scoreText(reader, progress?.score) ?? null,
    time: isoDuration(progress?.seconds ?? 0),
    seconds: progress?.seconds ?? 0,
    savedAt: progress?.savedAt.toISOString() ?? null,
    criterion: {
      kind: criterion,
      source: sources[criterion],
      met: Boolean(progress?.done),
      metAt: progress?.doneAt?.toISOString() ?? null,
    },
    why: whyStep(reader, step, progress),
  }
}

/** Who says that a criterion is met. */
const sources = {
  viewed: 'page',
  confirmed: 'learner',
  completed: 'content',
  passed: 'content',
} as const satisfies Record<Activity['criterion'], string>

function statusOf(progress: ActivityProgress | undefined): Step['status'] {
  if (!progress) return 'not-started'
  if (progress.done) return progress.success === 'passed' ? 'passed' : 'completed'
  return progress.success === 'failed' ? 'failed' : 'in-progress'
}
