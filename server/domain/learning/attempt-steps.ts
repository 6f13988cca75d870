import { owes } from '../../platform/owed.js'
import { notify } from '../notifications/notify.js'
import { peopleNamed } from '../people/people.js'
import { coursesNamed } from './courses.js'
import { AttemptModel, type Attempt } from './models.js'
import { anotherAttempt, restarted } from './notifying.js'
import { settleEnrolment } from './progress.js'

/** What follows from an attempt: how its person stands, and what they are told. */
owes<Attempt>(AttemptModel, {
  complete: ({ enrolment }) => settleEnrolment(enrolment),
  restarted: async ({ _id, person, course }) =>
    notify(person, restarted, { data: await aboutCourse(course), key: _id }),
  given: async ({ _id, enrolment, person, course, activity, given }) => {
    await settleEnrolment(enrolment)
    if (!given) return
    const [about, names] = await Promise.all([aboutCourse(course), peopleNamed([given.by])])
    const name = names.get(given.by)?.name ?? ''
    const data = { ...about, activity, name, reason: given.reason }
    await notify(person, anotherAttempt, { data, key: _id })
  },
})

async function aboutCourse(course: string): Promise<{ course: string; title: string }> {
  return { course, title: (await coursesNamed([course])).get(course)?.title ?? '' }
}
