import type { z } from 'zod'
import type { Column, ListFile } from '../../http/list-files.js'
import type { assignmentShown, obligationShown, teamLine } from './shown.js'

type Assignment = z.output<typeof assignmentShown>
type Obligation = z.output<typeof obligationShown>
type TeamLine = z.output<typeof teamLine>

/** The assignments, to take away. */
export const assignmentsFile: ListFile<Assignment> = {
  name: 'assigning:assignments.title',
  columns: [
    { label: 'assigning:assignments.course', value: ({ course }) => course.title },
    { label: 'assigning:assignments.unit', value: ({ audience }) => audience.unit?.name },
    {
      label: 'assigning:assignments.people',
      value: ({ audience }, { format }) => format.list(audience.people.map(({ name }) => name)),
    },
    {
      label: 'assigning:file.posts',
      value: ({ audience }, { format }) => format.list(audience.posts.map(({ title }) => title)),
    },
    {
      label: 'organisation:posts.altitude',
      value: ({ audience: { altitude } }, { t }) =>
        altitude && t(`organisation:altitudes.${altitude}`),
    },
    { label: 'assigning:assignments.due', kind: 'day', value: ({ due }) => dayOf(due) },
    {
      label: 'assigning:file.days',
      kind: 'number',
      value: ({ due }) => (due && 'days' in due ? due.days : null),
    },
    { label: 'assigning:file.months', kind: 'number', value: ({ months }) => months },
    { label: 'assigning:assignments.by', value: ({ by }) => by.name },
    { label: 'assigning:assignment.at', kind: 'day', value: ({ at }) => at },
    { label: 'assigning:assignments.ended', kind: 'day', value: ({ endedAt }) => endedAt },
    {
      label: 'assigning:file.reached',
      kind: 'number',
      value: ({ counts }) => counts.people,
    },
    { label: 'assigning:assignments.late', kind: 'number', value: ({ counts }) => counts.late },
    { label: 'assigning:assignments.done', kind: 'number', value: ({ counts }) => counts.met },
  ],
}

function dayOf(due: Assignment['due']): string | null {
  if (!due || 'days' in due) return null
  return 'day' in due ? due.day : due.at
}

const ofObligation: readonly Column<Obligation>[] = [
  { label: 'assigning:assignment.name', value: ({ person }) => person.name },
  { label: 'assigning:assignments.unit', value: ({ person }) => person.unit },
  { label: 'assigning:assignments.course', value: ({ course }) => course.title },
  {
    label: 'assigning:assignment.status',
    value: ({ status, late }, { t }) => t(`assigning:statuses.${late ? 'late' : status}`),
  },
  { label: 'assigning:assignment.due', kind: 'day', value: ({ dueAt }) => dueAt },
  { label: 'assigning:assignment.completed', kind: 'day', value: ({ completedAt }) => completedAt },
  { label: 'assigning:late.reminded', kind: 'day', value: ({ remindedOn }) => remindedOn },
]

/** Those whom an assignment reaches, to take away. */
export const obligationsFile: ListFile<Obligation> = {
  name: 'assigning:assignment.people',
  columns: ofObligation,
}

/** Those who are late, to take away. */
export const lateFile: ListFile<Obligation> = {
  name: 'assigning:late.title',
  columns: ofObligation,
}

interface TeamRow {
  readonly line: TeamLine
  readonly taken: TeamLine['courses'][number] | undefined
}

/** A team with a row for each course in somebody's hands, to take away. */
export const teamFile: ListFile<TeamLine, object, TeamRow> = {
  name: 'assigning:team.title',
  rows: (line) =>
    line.courses.length > 0
      ? line.courses.map((taken) => ({ line, taken }))
      : [{ line, taken: undefined }],
  columns: [
    { label: 'assigning:team.person', value: ({ line }) => line.person.name },
    { label: 'organisation:people.post', value: ({ line }) => line.person.post },
    { label: 'assigning:assignments.course', value: ({ taken }) => taken?.course.title },
    { label: 'assigning:assignment.due', kind: 'day', value: ({ taken }) => taken?.dueAt },
    { label: 'assigning:file.steps-done', kind: 'number', value: ({ taken }) => taken?.stepsDone },
    { label: 'assigning:file.steps', kind: 'number', value: ({ taken }) => taken?.stepsTotal },
    { label: 'assigning:late.reminded', kind: 'day', value: ({ taken }) => taken?.remindedOn },
  ],
}
