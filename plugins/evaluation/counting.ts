import {
  marks,
  remarkKinds,
  statements,
  type Answer,
  type RemarkKind,
  type Statement,
} from './sheet.js'

/** How often each mark was given, from the lowest. */
export type Distribution = readonly number[]

/** What some answers come to together: nothing in it says which mark or remark goes with which other. */
export interface Counted {
  readonly marks: Readonly<Record<Statement, Distribution>>
  readonly remarks: Readonly<Record<RemarkKind, readonly string[]>>
}

/** Counts answers. Remarks of each kind come out by alphabet: nothing tells which two are of one person. */
export const countedFrom = (answers: readonly Answer[]): Counted => ({
  marks: each(statements, (statement) =>
    marks.map((mark) => answers.filter((answer) => answer.marks[statement] === mark).length),
  ),
  remarks: each(remarkKinds, (kind) =>
    answers.flatMap(({ remarks }) => remarks[kind] ?? []).toSorted(),
  ),
})

/** What several counts come to. */
export const summed = (counts: readonly Pick<Counted, 'marks'>[]): Counted['marks'] =>
  each(statements, (statement) =>
    marks.map((_, at) =>
      counts.reduce((sum, { marks: own }) => sum + (own[statement][at] ?? 0), 0),
    ),
  )

/** The mean mark of a distribution that counts somebody. */
export const meanOf = (distribution: Distribution): number =>
  marks.reduce((sum, mark, at) => sum + mark * (distribution[at] ?? 0), 0) / answersIn(distribution)

/** How many answers a distribution counts. */
export const answersIn = (distribution: Distribution): number =>
  distribution.reduce((sum, count) => sum + count, 0)

const each = <K extends string, V>(keys: readonly K[], value: (key: K) => V): Record<K, V> =>
  Object.fromEntries(keys.map((key) => [key, value(key)])) as Record<K, V>
