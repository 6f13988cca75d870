import { insertMissing, type Id, type Seed } from '#core'
import { readDemo } from '../../content/demo/demo.js'
import { batchSize } from './batches.js'
import { countedFrom } from './counting.js'
import { BatchModel, SheetModel, type Batch, type Sheet } from './models.js'
import type { Answer, Mark } from './sheet.js'

/** What those who completed the demo's courses thought of them. Nobody is told: they were asked long ago. */
export const demoSheets: Seed = {
  id: 'evaluation:demo',
  async run() {
    const completed = readDemo().enrolments.filter(({ status }) => status === 'completed')
    const courses = [...new Set(completed.map(({ course }) => course))]
    const made = courses.map((course) => {
      const taken = completed.filter((one) => one.course === course)
      return madeFor(
        course,
        taken.map(({ person }) => person),
      )
    })
    await insertMissing(
      SheetModel,
      made.flatMap(({ sheets }) => sheets),
    )
    await insertMissing(
      BatchModel,
      made.flatMap(({ batches }) => batches),
    )
  },
}

/** The first to complete a course have not answered yet; the others fill as many batches as they can. */
function madeFor(course: Id, people: readonly Id[]): { sheets: Sheet[]; batches: Batch[] } {
  const full = Math.floor(people.length / batchSize)
  const open = people.length - full * batchSize
  const sheets = people.map((person, at) => ({
    _id: `${person}|${course}|1`,
    ...{ person, course, cycle: 1, isAnswered: at >= open, revision: 1 },
  }))
  const batches = Array.from({ length: full }, (_, at) => ({
    _id: `demo-${course}-${at}`,
    course,
    isOpen: false,
    ballots: people.slice(0, batchSize).map((_person, of) => `demo-${course}-${at}-${of}`),
    ...countedFrom(Array.from({ length: batchSize }, (_one, of) => invented(at * batchSize + of))),
    revision: 1,
  }))
  return { sheets, batches }
}

const useful = [
  'The exercise on difficult conversations: I used it the next day.',
  'Les exemples tirés du guichet.',
  'Poder avanzar a mi ritmo.',
  'The checklists at the end of each part.',
]
const improve = [
  'Subtitles in the second video.',
  'Un cas propre aux petites unités.',
  'Más tiempo para el último ejercicio.',
]

function invented(number: number): Answer {
  const mark = (at: number): Mark =>
    (5 - ((number * 7 + at * 3) % 11 > 6 ? (number + at) % 4 : at % 2)) as Mark
  const [liked, missed] = [useful[number], improve[number - 2]]
  return {
    marks: {
      ...{ relevance: mark(0), clarity: mark(1), length: mark(2) },
      ...{ exercises: mark(3), ease: mark(4), recommend: mark(5) },
    },
    remarks: { ...(liked && { useful: liked }), ...(missed && { improve: missed }) },
  }
}
