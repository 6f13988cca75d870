import type { Actor, Id } from '../../kernel/contract.js'
import type { ChangeSource } from '../notifications/contract.js'
import { scopeOf, visibleTo } from '../organisation/scope.js'
import { peopleWhere } from '../people/people.js'
import { openTo } from './courses.js'
import { seeOverview } from './enrolment-subjects.js'
import { CompletionModel, CourseModel } from './models.js'

const publishedCourses: ChangeSource = {
  id: 'learning:published-courses',
  icon: 'book',
  href: () => '/courses?sort=-published',
  count: (actor, since) =>
    CourseModel.countDocuments({ $and: [openTo(actor), { publishedAt: { $gt: since } }] }).exec(),
}

/** In the courses one teaches. */
const taughtCompletions: ChangeSource = {
  id: 'learning:taught-completions',
  icon: 'trophy',
  href: () => '/courses?mine=written',
  count: async ({ person }, since) => {
    if (!person) return 0
    const taught = await CourseModel.find({ trainers: person }, { _id: 1 }).lean<{ _id: Id }[]>()
    const course = { $in: taught.map(({ _id }) => _id) }
    const done = { course, person: { $ne: person }, at: { $gt: since } }
    return taught.length > 0 ? CompletionModel.countDocuments(done).exec() : 0
  },
}

/** By those who report to one. */
const teamCompletions: ChangeSource = {
  id: 'learning:team-completions',
  icon: 'people',
  href: () => '/progress?status=completed',
  count: async (actor, since) => {
    const person = { $in: await reportsOf(actor) }
    return person.$in.length > 0
      ? CompletionModel.countDocuments({ person, at: { $gt: since } }).exec()
      : 0
  },
}

async function reportsOf(actor: Actor): Promise<Id[]> {
  const { reportsOf: leaders } = scopeOf(actor, seeOverview)
  if (leaders.length === 0) return []
  const filter = { $and: [visibleTo(actor, seeOverview), { manager: { $in: leaders } }] }
  return (await peopleWhere({ filter, fields: { _id: 1 } })).map(({ _id }) => _id)
}

/** What of courses may be new to somebody. */
export const learningChanges = [publishedCourses, taughtCompletions, teamCompletions] as const
