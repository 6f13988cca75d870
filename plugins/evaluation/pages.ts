import {
  authorCourses,
  coursesNamed,
  matchesWords,
  may,
  NotFound,
  orderOf,
  ownedCourse,
  toPage,
  windowOf,
  type Actor,
  type Course,
  type Id,
} from '#core'
import type { z } from 'zod'
import { countAsked } from './asking.js'
import { batchSize, countedBatches } from './batches.js'
import { answersIn, meanOf, summed, type Counted } from './counting.js'
import { remarkOrders, statementOrders, type remarksQuery, type resultsQuery } from './forms.js'
import type { Sheet } from './models.js'
import { isOn } from './settings.js'
import { marks, remarkKinds, statements } from './sheet.js'
import type { remarkLine, remarksShown, resultsShown, sheetShown, statementLine } from './shown.js'

type StatementLine = z.input<typeof statementLine>
type RemarkLine = z.input<typeof remarkLine>

/** A person's sheet, to answer. Whoever was asked is told the course's title even where it is offered no more. */
export async function sheetPage(sheet: Sheet): Promise<z.input<typeof sheetShown>> {
  const [courses, on] = await Promise.all([coursesNamed([sheet.course]), isOn(sheet.course)])
  const course = courses.get(sheet.course)
  if (!course) throw new NotFound()
  return {
    sheet: sheet._id,
    course: nameOf(course),
    state: sheet.isAnswered ? 'answered' : on ? 'open' : 'turned-off',
    together: batchSize,
    statements: [...statements],
    marks: [...marks],
  }
}

/** What the counted answers about a course come to, statement by statement. */
export async function resultsPage(
  actor: Actor,
  course: Course,
  query: z.infer<typeof resultsQuery>,
): Promise<z.input<typeof resultsShown>> {
  const [on, asked, batches] = await Promise.all([
    isOn(course._id),
    countAsked(course._id),
    countedBatches(course._id),
  ])
  const answers = batches.length * batchSize
  const lines = batches.length > 0 ? linesOf(batches) : []
  const sorted = lines.toSorted(inOrder(orderOf(statementOrders, query.sort, 'place')))
  return {
    ...paged(sorted, addressOfResults(course._id), query),
    course: nameOf(course),
    isOn: on,
    turns: may(actor, authorCourses, ownedCourse(course)),
    together: batchSize,
    asked,
    answers,
    share: asked > 0 ? Math.min(1, answers / asked) : null,
    remarks: remarkKinds.map((about) => ({ about, count: remarksIn(batches, about).length })),
  }
}

/** What was written about a course, in the order of the alphabet. */
export async function remarksPage(
  course: Course,
  query: z.infer<typeof remarksQuery>,
): Promise<z.input<typeof remarksShown>> {
  const batches = await countedBatches(course._id)
  const found = remarkKinds
    .filter((about) => !query.about || about === query.about)
    .flatMap((about) => remarksIn(batches, about))
    .filter(({ text }) => matchesWords(query.q ?? '', text))
    .toSorted(inOrder(orderOf(remarkOrders, query.sort, 'text')))
  return {
    ...paged(found, `${addressOfResults(course._id)}/remarks`, query),
    course: nameOf(course),
    together: batchSize,
  }
}

const addressOfResults = (course: Id): string => `/courses/${encodeURIComponent(course)}/evaluation`

const nameOf = ({ _id, title, language }: Pick<Course, '_id' | 'title' | 'language'>) => ({
  id: _id,
  title,
  language,
})

const linesOf = (batches: readonly Counted[]): StatementLine[] => {
  const counted = summed(batches)
  return statements.map((statement, at) => {
    const distribution = counted[statement]
    const answers = answersIn(distribution)
    return {
      place: at + 1,
      statement,
      answers,
      mean: meanOf(distribution),
      given: marks.map((mark, of) => {
        const count = distribution[of] ?? 0
        return { mark, count, share: count / answers }
      }),
    }
  })
}

const remarksIn = (batches: readonly Counted[], about: RemarkLine['about']): RemarkLine[] =>
  batches.flatMap(({ remarks }) => remarks[about].map((text) => ({ about, text })))

function paged<T>(
  lines: readonly T[],
  path: string,
  query: z.infer<typeof resultsQuery | typeof remarksQuery>,
) {
  const { skip, limit } = windowOf(query)
  return toPage(lines.slice(skip, skip + limit), lines.length, { path, query })
}

/** By each field of an order in turn. */
const inOrder =
  <T extends object>(order: Readonly<Record<string, 1 | -1>>) =>
  (one: T, other: T): number => {
    for (const [field, way] of Object.entries(order) as [keyof T, 1 | -1][]) {
      if (one[field] < other[field]) return -way
      if (one[field] > other[field]) return way
    }
    return 0
  }
