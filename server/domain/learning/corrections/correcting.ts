import { Conflict, Forbidden, NotFound } from '../../../errors.js'
import type { Actor, Id } from '../../../kernel/contract.js'
import { now } from '../../../platform/clock.js'
import { insertNumbered } from '../../../platform/database.js'
import { owes, settle } from '../../../platform/owed.js'
import { addEvidence } from '../../competencies/evidence.js'
import { notify } from '../../notifications/notify.js'
import { audit } from '../../people/audit.js'
import { findPerson } from '../../people/people.js'
import { beginCycle } from '../cycles.js'
import type { PlacedEnrolment } from '../enrolment-subjects.js'
import { CompletionModel, type Completion, type Enrolment } from '../models.js'
import { corrected } from '../notifying.js'
import { CorrectionModel, type Correction } from './models.js'

/** What is to be said of a completion. */
export interface Correcting {
  /** A form's hidden id: sent twice, it corrects once. */
  readonly id: Id
  readonly cycle: number
  readonly counts: boolean
  readonly outcomes: Completion['outcomes']
  readonly reason: string
  /** Whether the course is to be taken again. */
  readonly again: boolean
}

/**
 * Says that a completion counts otherwise, or not at all: a new fact beside the old one, with its author and reason.
 * The levels that stood on it follow, and its person is told. Nobody corrects what is their own.
 */
export async function correctCompletion(
  actor: Actor,
  { enrolment, person, course }: PlacedEnrolment,
  { id, cycle, again, ...said }: Correcting,
): Promise<void> {
  if (actor.person === person._id) throw new Forbidden('learning:own-completion')
  const completion = await completionAt(enrolment, cycle)
  const { _id, outcomes } = completion
  const { kept, isNew } = await insertNumbered(
    CorrectionModel,
    { completion: _id },
    {
      _id: id,
      completion: _id,
      person: person._id,
      course: course._id,
      counts: said.counts,
      outcomes: said.counts ? levelsOf(outcomes, said.outcomes) : [],
      reason: said.reason,
      by: actor.person ?? actor.name,
      at: now(),
      revision: 1,
      owed: ['evidence', 'tell'],
    },
  )
  if (kept.completion !== _id) throw new Conflict('learning:id-taken')
  await settle(CorrectionModel, id)
  if (again) await beginCycle(enrolment, { by: actor.person ?? actor.name })
  if (!isNew) return
  await audit(actor, 'learning:completion-corrected', {
    object: person._id,
    details: { course: course.title, counts: said.counts, reason: said.reason },
  })
}

async function completionAt(
  { _id: enrolment, person }: Pick<Enrolment, '_id' | 'person'>,
  cycle: number,
): Promise<Completion> {
  const completion = await CompletionModel.findOne({ person, enrolment, cycle }).lean<Completion>()
  if (!completion) throw new NotFound()
  return completion
}

/** A level for each competency of the completion: as it was where none is said. */
const levelsOf = (
  outcomes: Completion['outcomes'],
  said: Completion['outcomes'],
): Completion['outcomes'] =>
  outcomes.map(({ competency, level }) => ({
    competency,
    level: said.find((one) => one.competency === competency)?.level ?? level,
  }))

owes<Correction>(CorrectionModel, {
  evidence: async ({ _id, completion, number, person, outcomes, reason, by, at }) => {
    const award = await CompletionModel.findById(completion).lean<Completion>()
    const before = await CorrectionModel.findOne({
      completion,
      number: number - 1,
    }).lean<Correction>()
    for (const { competency } of award?.outcomes ?? []) {
      await addEvidence({
        _id: `${_id}|${competency}`,
        replaces: `${before?._id ?? completion}|${competency}`,
        person,
        competency,
        level: outcomes.find((one) => one.competency === competency)?.level ?? 0,
        kind: 'measurement',
        source: 'learning:correction',
        sourceId: _id,
        about: award?.title ?? '',
        by,
        reason,
        at,
        assurance: 'witnessed',
      })
    }
  },
  tell: async ({ _id, person, course, completion, counts, reason, by }) => {
    const [award, author] = await Promise.all([
      CompletionModel.findById(completion).lean<Completion>(),
      findPerson(by).catch(() => undefined),
    ])
    const data = { course, title: award?.title ?? '', name: author?.name ?? '', counts, reason }
    await notify(person, corrected, { data, key: _id })
  },
})
