import type { z } from 'zod'
import type { Column, ListFile } from '../../http/list-files.js'
import type {
  enrolmentShown,
  overviewLine,
  participantLine,
  progressLine,
} from './learner-shown.js'
import type { courseLine } from './shown.js'

type OverviewLine = z.output<typeof overviewLine>

/** The catalogue, to take away. */
export const catalogueFile: ListFile<z.output<typeof courseLine>> = {
  name: 'learning:catalogue.title',
  columns: [
    { label: 'learning:table.course', value: ({ title }) => title },
    {
      label: 'learning:catalogue.language',
      value: ({ language }, { t }) => t(`core:languages.${language}`),
    },
    { label: 'learning:course.summary', value: ({ summary }) => summary },
    {
      label: 'learning:course.outcomes',
      value: ({ outcomes }, { t, format }) =>
        format.list(outcomes.map((outcome) => t('learning:course.outcome', { ...outcome }))),
    },
    { label: 'learning:file.minutes', kind: 'number', value: ({ minutes }) => minutes },
    { label: 'learning:table.steps', kind: 'number', value: ({ steps }) => steps },
    { label: 'learning:table.enrolled-count', kind: 'number', value: ({ enrolled }) => enrolled },
    { label: 'learning:table.state', value: ({ status }, { t }) => t(`learning:status.${status}`) },
  ],
}

interface Taking {
  readonly enrolment: z.output<typeof enrolmentShown> | null
  readonly stepsDone: number
  readonly stepsTotal: number
}

const state: Column<Taking> = {
  label: 'learning:table.state',
  value: ({ enrolment }, { t }) => enrolment && t(`learning:states.${enrolment.state}`),
}

const howFar: readonly Column<Taking>[] = [
  { label: 'learning:file.steps-done', kind: 'number', value: ({ stepsDone }) => stepsDone },
  { label: 'learning:table.steps', kind: 'number', value: ({ stepsTotal }) => stepsTotal },
]

const when: readonly Column<Taking>[] = [
  {
    label: 'learning:table.enrolled',
    kind: 'day',
    value: ({ enrolment }) => enrolment?.enrolledAt,
  },
  { label: 'learning:table.due', kind: 'day', value: ({ enrolment }) => enrolment?.dueAt },
  { label: 'learning:table.last', kind: 'moment', value: ({ enrolment }) => enrolment?.lastAt },
  {
    label: 'learning:table.completed',
    kind: 'day',
    value: ({ enrolment }) => enrolment?.completedAt,
  },
]

/** The people in a course, to take away. */
export const participantsFile: ListFile<z.output<typeof participantLine>> = {
  name: 'learning:participants.title',
  columns: [
    { label: 'learning:table.name', value: ({ person }) => person.name },
    { label: 'learning:table.unit', value: ({ person }) => person.unit },
    state,
    ...howFar,
    { label: 'learning:table.score', value: ({ scoreText }) => scoreText },
    ...when,
  ],
}

/** How far everybody in a course has come, to take away. */
export const progressFile: ListFile<z.output<typeof progressLine>> = {
  name: 'learning:progress.everybody',
  columns: [
    { label: 'learning:table.name', value: ({ person }) => person.name },
    state,
    ...howFar,
    {
      label: 'learning:file.minutes',
      kind: 'number',
      value: ({ seconds }) => Math.round(seconds / 60),
    },
    ...when,
  ],
}

interface OverviewRow extends Taking {
  readonly person: OverviewLine['person']
  readonly course: OverviewLine['enrolments'][number]['course']
}

/** The people within reach with a row for each course, to take away. */
export const overviewFile: ListFile<OverviewLine, object, OverviewRow> = {
  name: 'learning:overview.title',
  rows: ({ person, enrolments }) => enrolments.map((taken) => ({ person, ...taken })),
  columns: [
    { label: 'learning:table.name', value: ({ person }) => person.name },
    { label: 'learning:table.email', value: ({ person }) => person.email },
    { label: 'learning:table.unit', value: ({ person }) => person.unit },
    { label: 'learning:table.course', value: ({ course }) => course.title },
    state,
    ...howFar,
    ...when,
  ],
}
