import type { z } from 'zod'
import type { Actor, Id } from '../../../kernel/contract.js'
import { competenciesNamed } from '../../competencies/frameworks.js'
import { may } from '../../people/access.js'
import { peopleNamed } from '../../people/people.js'
import { ownedEnrolment, type PlacedEnrolment } from '../enrolment-subjects.js'
import { CompletionModel, type Completion } from '../models.js'
import type { correctionsShown } from './forms.js'
import type { Correction } from './models.js'
import { correctCompletions } from './permission.js'
import { correctionsOf } from './reading.js'

type Shown = z.input<typeof correctionsShown>
type Line = Shown['completions'][number]

const mostCompletions = 20

/** What somebody has completed of a course, each time with what was said of it since. */
export async function correctionsPage(actor: Actor, placed: PlacedEnrolment): Promise<Shown> {
  const { enrolment, person, course } = placed
  const completions = await CompletionModel.find({ person: person._id, course: course._id })
    .sort({ at: -1 })
    .limit(mostCompletions)
    .lean<Completion[]>()
  const said = await Promise.all(completions.map(({ _id }) => correctionsOf(_id)))
  const competencies = completions.flatMap(({ outcomes }) => outcomes.map((one) => one.competency))
  const [named, authors] = await Promise.all([
    competenciesNamed(competencies, actor.language),
    peopleNamed(said.flat().map(({ by }) => by)),
  ])
  const words = {
    title: (competency: Id) => named.get(competency)?.title ?? competency,
    name: (id: Id) => authors.get(id)?.name ?? '',
  }
  const mayCorrect =
    actor.person !== person._id && may(actor, correctCompletions, ownedEnrolment(placed))
  return {
    enrolment: enrolment._id,
    person: { id: person._id, name: person.name },
    course: { id: course._id, title: course.title, language: course.language },
    completions: completions.map((one, at) => ({
      ...lineOf(one, said[at] ?? [], words),
      latest: enrolment.status === 'completed' && enrolment.cycle === one.cycle,
    })),
    mayCorrect,
  }
}

interface Words {
  title(competency: Id): string
  name(person: Id): string
}

function lineOf(
  { cycle, at, outcomes }: Completion,
  corrections: readonly Correction[],
  { title, name }: Words,
): Omit<Line, 'latest'> {
  const [latest] = corrections
  const counts = latest?.counts ?? true
  const levels = latest?.counts ? latest.outcomes : outcomes
  return {
    cycle,
    at: at.toISOString(),
    counts,
    outcomes: outcomes.map(({ competency, level }) => ({
      competency,
      title: title(competency),
      level,
      counted: levels.find((one) => one.competency === competency)?.level ?? level,
    })),
    corrections: corrections.map((one) => ({
      at: one.at.toISOString(),
      by: name(one.by),
      reason: one.reason,
      counts: one.counts,
      levels: one.outcomes.map((each) => ({ title: title(each.competency), level: each.level })),
    })),
  }
}
