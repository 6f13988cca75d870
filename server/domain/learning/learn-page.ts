import type { z } from 'zod'
import { mediaTypeOf } from '../../http/media-types.js'
import type { Actor, Id, Name } from '../../kernel/contract.js'
import { stepsOf } from './courses.js'
import { whyStep } from './explaining.js'
import type { learnShown } from './learner-shown.js'
import type { Activity, Enrolment } from './models.js'
import type { Playing } from './playing.js'

type Learn = z.input<typeof learnShown>

/** What the page of an activity shows, whatever its kind: itself, where it stands in the course, what it still wants. */
export function learnPage(actor: Actor, playing: Playing): Learn {
  const { course, activity, attempt, preview, page, enrolment } = playing
  const progress = enrolment?.activities[activity.id]
  return {
    view: page?.view ?? viewOf(activity),
    title: activity.title,
    kind: activity.kind,
    course: { id: course._id, title: course.title, language: course.language },
    activity: activity.id,
    attempt: attempt._id,
    token: page?.token ?? null,
    launchUrl: page?.launchUrl ?? null,
    preview,
    player: page?.frame ?? null,
    text: activity.text ?? null,
    file: fileOf(activity, preview),
    transcript: activity.transcript ?? null,
    minutes: activity.minutes ?? null,
    criterion: activity.criterion,
    done: Boolean(progress?.done),
    savedAt: progress?.savedAt.toISOString() ?? null,
    why: whyStep(actor, activity, progress),
    ...placeIn(stepsOf(course), activity.id, enrolment),
  }
}

/** The view of an activity page, as the object shown names it. */
export const learnView = (shown: object): Name => (shown as { view: Name }).view

/** Shown in the page only where a browser runs nothing of it; all else is downloaded. */
export const isPlayable = (name: string): boolean => /^(video|audio)\//.test(mediaTypeOf(name))

const viewOf = ({ kind }: Activity): Name =>
  kind === 'package' ? 'learning:learn-empty' : `learning:learn-${kind}`

function fileOf({ id, file }: Activity, preview: boolean): Learn['file'] {
  if (!file) return null
  const href = `/learn/${encodeURIComponent(id)}/file${preview ? '?preview=1' : ''}`
  return { name: file.name, size: file.size, href, inline: isPlayable(file.name) }
}

function placeIn(
  steps: readonly Activity[],
  current: Id,
  enrolment: Enrolment | undefined,
): Pick<Learn, 'steps' | 'previous' | 'next'> {
  const at = steps.findIndex(({ id }) => id === current)
  const titled = (step: Activity | undefined) => (step ? { id: step.id, title: step.title } : null)
  return {
    steps: steps.map(({ id, title }) => ({
      id,
      title,
      done: Boolean(enrolment?.activities[id]?.done),
      current: id === current,
    })),
    previous: at > 0 ? titled(steps[at - 1]) : null,
    next: at >= 0 ? titled(steps[at + 1]) : null,
  }
}
