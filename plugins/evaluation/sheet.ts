/** What the sheet asks, in its order: what participants thought of the course (Kirkpatrick's first level). */
export const statements = [
  'relevance',
  'clarity',
  'length',
  'exercises',
  'ease',
  'recommend',
] as const
export type Statement = (typeof statements)[number]

/** How far one agrees with a statement, from not at all to entirely. */
export const marks = [1, 2, 3, 4, 5] as const
export type Mark = (typeof marks)[number]

/** What may be written in one's own words. */
export const remarkKinds = ['useful', 'improve'] as const
export type RemarkKind = (typeof remarkKinds)[number]

/** What one person answered. */
export interface Answer {
  readonly marks: Readonly<Record<Statement, Mark>>
  readonly remarks: Readonly<Partial<Record<RemarkKind, string>>>
}
