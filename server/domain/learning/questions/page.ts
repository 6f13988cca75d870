import type { z } from 'zod'
import { NotFound } from '../../../errors.js'
import { orderOf, toPage, windowOf, type Order } from '../../../http/lists.js'
import type { Translate } from '../../../platform/i18n.js'
import { talliesOf } from '../../../platform/tallies.js'
import type { PlacedActivity } from '../activities.js'
import { courseName } from '../activity-pages.js'
import { PackageVersionModel, type PackageVersion } from '../package-models.js'
import {
  questionOrders,
  type questionLine,
  type questionsQuery,
  type questionsShown,
} from './forms.js'
import { QuestionModel, type Question } from './models.js'
import { readingOf } from './readings.js'
import type { QuestionFigures } from './statistics.js'
import { questionTally } from './tallying.js'

type Query = z.infer<typeof questionsQuery>
type Line = z.input<typeof questionLine>
type Version = Pick<PackageVersion, '_id' | 'number'>

const mostVersions = 100

/** A page of the questions of a package version, with what everybody's first answers to them came to. */
export async function questionsPage(
  { course, activity }: PlacedActivity,
  query: Query,
  t: Translate,
): Promise<z.input<typeof questionsShown>> {
  const versions = await versionsOf(activity.id)
  const version = asked(versions, query.version ?? activity.version)
  const { people, lines } = version ? await linesOf(version, t) : { people: 0, lines: [] }
  const { skip, limit } = windowOf(query)
  const sorted = lines.toSorted(inOrder(orderOf(questionOrders, query.sort, 'place')))
  const path = `/activities/${encodeURIComponent(activity.id)}/questions`
  return {
    ...toPage(sorted.slice(skip, skip + limit), lines.length, { path, query }),
    course: { ...courseName(course), language: course.language },
    activity: { id: activity.id, title: activity.title },
    people,
    version: version?.number ?? null,
    versions: versions.map(({ _id, number }) => ({ number, current: _id === activity.version })),
  }
}

const versionsOf = (activity: string): Promise<Version[]> =>
  PackageVersionModel.find({ activity }, { number: 1 })
    .sort({ number: -1 })
    .limit(mostVersions)
    .lean<Version[]>()
    .exec()

/** By number or id. A step without a package has none. Throws `NotFound` for a number there is not. */
function asked(versions: readonly Version[], wanted: number | string | undefined) {
  const found = versions.find(({ _id, number }) => wanted === number || wanted === _id)
  if (!found && typeof wanted === 'number') throw new NotFound()
  return found
}

async function linesOf({ _id }: Version, t: Translate): Promise<{ people: number; lines: Line[] }> {
  const [figures, described] = await Promise.all([
    talliesOf(questionTally, [_id]),
    QuestionModel.find({ version: _id }).lean<Question[]>(),
  ])
  const { people, questions } = figures.get(_id) ?? { people: 0, questions: [] }
  const byQuestion = new Map(described.map((one) => [one.question, one]))
  const known = questions.flatMap((one) => {
    const question = byQuestion.get(one.question)
    return question ? [{ question, figures: one }] : []
  })
  const inPlace = known.toSorted((a, b) => a.question.place - b.question.place)
  return { people, lines: inPlace.map((one, at) => lineOf(one, at + 1, t)) }
}

interface Known {
  readonly question: Question
  readonly figures: QuestionFigures
}

function lineOf({ question, figures }: Known, place: number, t: Translate): Line {
  const { kind, text, part, right } = question
  const inWords = (given: string): string =>
    kind === 'true-false' ? t(`learning:questions.${given === 'true' ? 'true' : 'false'}`) : given
  return {
    ...{ place, text, kind, part: part ?? null },
    answers: figures.answers,
    right: figures.facility,
    discrimination: figures.discrimination,
    reading: readingOf(figures),
    seconds: figures.seconds,
    rightAnswers: right.map(inWords),
    given: figures.parts.map((given) => ({
      text: inWords(given.part),
      count: given.count,
      share: Math.min(1, given.count / figures.answers),
      isRight: right.includes(given.part),
    })),
    others: figures.others,
  }
}

/** What has no figure comes last, whichever way round; equals stay in their place. */
function inOrder(order: Order): (a: Line, b: Line) => number {
  const [[field, way]] = Object.entries(order) as [[keyof Line, 1 | -1]]
  return (a, b) => {
    const [one, other] = [a[field] as number | null, b[field] as number | null]
    if (one === null || other === null) return Number(one === null) - Number(other === null)
    return way * (one - other)
  }
}
