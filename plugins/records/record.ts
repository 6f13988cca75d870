import {
  competenciesNamed,
  completionsOf,
  contributions,
  coursesNamed,
  enrolmentsOf,
  findPerson,
  formatFor,
  levelsOfPeople,
  now,
  postOf,
  titleIn,
  withdrawnSince,
  type Id,
  type Translate,
} from '#core'
import { certificatesFor } from './certificates.js'
import type { Cell, RecordReader, RecordSection, RecordTable } from './contract.js'

/** The training record of a person, for a page or a file. */
export interface TrainingRecord {
  readonly person: { id: Id; name: string; staffNumber: string | null; post: string | null }
  readonly at: string
  readonly tables: RecordTable[]
}

/** Everything a person has learned that is on record, written for one reader. */
export async function recordOf(
  id: Id,
  { t, language }: { readonly t: Translate; readonly language: string },
): Promise<TrainingRecord> {
  const { date, duration } = formatFor(language)
  const reader: RecordReader = { t, language, date, duration }
  const sections = [completed, underWay, levels, ...contributions('recordSections')]
  const [person, post, ...tables] = await Promise.all([
    findPerson(id),
    postOf(id),
    ...sections.toSorted((a, b) => a.order - b.order).map((section) => section.load(id, reader)),
  ])
  return {
    person: {
      id,
      name: person.name,
      staffNumber: person.staffNumber ?? null,
      post: post ? titleIn(post, language) : null,
    },
    at: now().toISOString(),
    tables: tables.filter(({ rows }) => rows.length > 0),
  }
}

const completed: RecordSection = {
  id: 'records:completed',
  order: 10,
  load: async (person, { t, date, duration }) => {
    const completions = await completionsOf(person)
    const [courses, certificates, withdrawn] = await Promise.all([
      coursesNamed(completions.map(({ course }) => course)),
      certificatesFor(completions),
      withdrawnSince(completions.map(({ _id }) => _id)),
    ])
    const counting = completions.filter(({ _id }) => !withdrawn.has(_id))
    const total = counting.reduce((sum, { seconds }) => sum + seconds, 0)
    return {
      heading: t('records:completed.heading', {
        count: counting.length,
        time: duration(total),
      }),
      columns: ['course', 'at', 'result', 'time', 'certificate'].map((name) =>
        t(`records:columns.${name}`),
      ),
      rows: completions.map(({ _id, course, title, at, scaled, seconds }) => {
        const number = certificates.get(_id)?._id ?? ''
        return [
          cellOf(course, title, courses.get(course)?.language),
          date(at),
          resultText(t, { scaled, counts: !withdrawn.has(_id) }),
          duration(seconds),
          { text: number, href: `/certificates/${number}` },
        ]
      }),
    }
  },
}

const cellOf = (course: Id, text = '', lang: string | undefined): Cell => ({
  ...{ text, lang },
  href: `/courses/${encodeURIComponent(course)}`,
})

function resultText(
  t: Translate,
  { scaled, counts }: { readonly scaled: number | undefined; readonly counts: boolean },
): string {
  if (!counts) return t('records:withdrawn')
  return scaled === undefined ? '' : t('records:percent', { value: scaled })
}

const underWay: RecordSection = {
  id: 'records:under-way',
  order: 20,
  load: async (person, { t, date }) => {
    const active = (await enrolmentsOf([person])).filter(({ status }) => status === 'active')
    const courses = await coursesNamed(active.map(({ course }) => course))
    return {
      heading: t('records:under-way.heading'),
      columns: ['course', 'since', 'due'].map((name) => t(`records:columns.${name}`)),
      rows: active.map(({ course, enrolledAt, dueAt }) => [
        cellOf(course, courses.get(course)?.title, courses.get(course)?.language),
        date(enrolledAt),
        dueAt ? date(dueAt) : '',
      ]),
    }
  },
}

const levels: RecordSection = {
  id: 'records:levels',
  order: 30,
  load: async (person, { t, language }) => {
    const reached = (await levelsOfPeople([person])).filter(({ level }) => level > 0)
    const names = await competenciesNamed(
      reached.map(({ competency }) => competency),
      language,
    )
    return {
      heading: t('records:levels.heading'),
      columns: ['competency', 'level'].map((name) => t(`records:columns.${name}`)),
      rows: reached.map(({ competency, level }) => [
        names.get(competency)?.title ?? competency,
        String(level),
      ]),
    }
  },
}
