import { attemptsOver, type Retention } from '#core'

const kept = { of: 'people', defaultMonths: 36, minMonths: 1 } as const

/** What the content kept for itself, with each launch and its commits. What the attempt came to stays with the course. */
const runtimes: Retention = {
  ...kept,
  id: 'scorm:runtimes',
  label: 'scorm:retention.runtimes',
  model: 'scorm.Runtime',
  due: async ({ before, owners }) => ({
    person: { $in: owners },
    _id: { $in: await attemptsOver(owners, before) },
    savedAt: { $lt: before },
    live: null,
    owed: null,
  }),
}

/** What another device had done meanwhile. */
const keptStates: Retention = {
  ...kept,
  id: 'scorm:kept-states',
  label: 'scorm:retention.kept-states',
  model: 'scorm.KeptState',
  due: async ({ before, owners }) => ({
    person: { $in: owners },
    attempt: { $in: await attemptsOver(owners, before) },
    at: { $lt: before },
  }),
}

export const scormRetention: readonly Retention[] = [runtimes, keptStates]
