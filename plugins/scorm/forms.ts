import { z } from 'zod'

const id = z.string().min(1).max(100)
const sequence = z.number().int().max(1_000_000)
/** Sent whole as one text: nothing inside is ever looked at before it is stored. */
const whole = z.string().max(200_000)

/** `POST /rt/open`. */
export const openForm = z.strictObject({
  token: z.string().max(2000),
  attempt: id,
  /** A UUID the shell made; the same one gets the same epoch. */
  launch: z.uuid(),
})

/** `POST /rt/commit`. The elements in `delta` are judged by their standard, not here. */
export const commitForm = z.strictObject({
  token: z.string().max(2000),
  attempt: id,
  launch: z.uuid(),
  epoch: z.number().int().min(1),
  sco: z.number().int().min(0).max(4999),
  seq: sequence.min(1),
  baseSeq: sequence.min(0),
  commitId: z.uuid(),
  sentAt: z.string().max(40).optional(),
  final: z.boolean().default(false),
  delta: z.record(z.string(), z.unknown()),
  launchSeq: sequence.min(0).default(0),
  sequencing: whole.optional(),
  objectives: whole.optional(),
  shared: whole.optional(),
})

export type CommitForm = z.infer<typeof commitForm>
export type OpenForm = z.infer<typeof openForm>

/** A form whose button says all. */
export const emptyForm = z.strictObject({})

/** What renewing a token answers. */
export const tokenAnswer = z.object({ token: z.string() })

/** Late work that waits for its learner's word. */
export const lateShown = z.object({
  items: z.array(z.object({ id: z.string(), at: z.iso.datetime() })),
})

/** What the page around the content knows of itself. */
export const shellShown = z.object({
  title: z.string(),
  pageOrigin: z.string(),
  base: z.string(),
  person: z.string(),
})

const tree = z.record(z.string(), z.unknown())
const instant = z.iso.datetime()

/** What `/rt/open` answers: the epoch, and all the shell needs to make an API that content finds seeded. */
export const openedAnswer = z.object({
  attempt: z.string(),
  launch: z.string(),
  epoch: z.number(),
  standard: z.enum(['1.2', '2004']),
  mode: z.enum(['normal', 'browse']),
  start: z.number(),
  savedAt: instant.nullable(),
  items: z.array(
    z.object({
      sco: z.number(),
      title: z.string(),
      depth: z.number(),
      kind: z.enum(['sco', 'asset']),
      visible: z.boolean(),
      href: z.string(),
      lastSeq: z.number(),
      completion: z.enum(['not-attempted', 'incomplete', 'completed', 'unknown']),
      success: z.enum(['passed', 'failed', 'unknown']),
      cmi: tree,
    }),
  ),
})

/** What a commit that was stored, or had been, is answered. `result` is in scorm-again's words. */
export const commitAnswer = z.object({
  result: z.literal('true'),
  commitId: z.string(),
  storedSeq: z.number(),
  savedAt: instant.optional(),
  superseded: z.boolean().optional(),
  completion: z.string().optional(),
  success: z.string().optional(),
  ignored: z.array(z.string()).optional(),
})
