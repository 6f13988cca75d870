import { createHash } from 'node:crypto'
import type { z, ZodType } from 'zod'
import { Invalid, TooLarge, type FieldError } from '#core'
import type { Standard } from './contract.js'
import type { CommitForm } from './forms.js'
import { checkElements, type ElementProblem } from './runtime/elements.js'
import { largestState } from './runtime/receiving.js'
import type { Commit } from './runtime/runtime.js'

/** Checks a body that came as JSON or as plain text. Throws `scorm:commit-invalid` with a path per fault. */
export function parseBody<S extends ZodType>(schema: S, body: unknown): z.infer<S> {
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  const errors = parsed.error.issues.map((issue): FieldError => {
    const unknown = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined
    return { path: unknown ?? issue.path.join('.'), code: 'scorm:field-wrong' }
  })
  throw new Invalid('scorm:commit-invalid', { errors: errors.slice(0, 50) })
}

/** A commit with its elements judged. Throws `scorm:commit-invalid` whole: half a commit is never stored. */
export function toCommit(form: CommitForm, standard: Standard): Commit {
  const { values, ignored, problems } = checkElements(standard, form.delta)
  if (problems.length > 0) throw malformed(problems)
  const { token: _token, sentAt: _sentAt, delta: _delta, ...envelope } = form
  const { sequencing, objectives, shared, ...rest } = envelope
  const sorted = [...values].sort(([a], [b]) => (a < b ? -1 : 1))
  const text = JSON.stringify([envelope, sorted, ignored])
  return {
    ...rest,
    ...(sequencing !== undefined && { sequencing }),
    ...(objectives !== undefined && { objectives }),
    ...(shared !== undefined && { shared }),
    values,
    ignored,
    hash: createHash('sha256').update(text).digest('base64url'),
    size: Buffer.byteLength(text),
  }
}

export const malformed = (problems: readonly ElementProblem[]): Invalid =>
  new Invalid('scorm:commit-invalid', {
    errors: problems.map(({ path, code }) => ({ path, code: `scorm:element-${code}` })),
  })

export const tooLarge = (): TooLarge =>
  new TooLarge('scorm:state-too-large', { values: { megabytes: largestState / 1_000_000 } })
