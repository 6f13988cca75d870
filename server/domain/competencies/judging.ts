import { randomUUID } from 'node:crypto'
import { Forbidden, Invalid } from '../../errors.js'
import type { Actor, Id } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { audit } from '../people/audit.js'
import { addEvidence, evidenceById } from './evidence.js'
import { competenciesInForce } from './frameworks.js'
import type { Evidence } from './models.js'

export interface Judgement {
  /** A form's hidden id: sent twice, it counts once. */
  readonly id?: Id | undefined
  readonly competency: Id
  readonly level: number
}

export interface Appraisal extends Judgement {
  /** What was seen, in words: a level without a reason helps nobody. */
  readonly reason: string
  /** The occasion, such as the yearly interview. */
  readonly about?: string | undefined
}

type Judged = Evidence & { readonly isNew: boolean }

/** Records what a person says of themself: shown beside the level, and never more than that. */
export async function rateOneself(actor: Actor, person: Id, given: Judgement): Promise<Judged> {
  if (actor.person !== person) throw new Forbidden()
  return record(actor, person, {
    ...given,
    kind: 'self',
    source: 'competencies:self-rating',
    assurance: 'declared',
    about: '',
  })
}

/** Records what a line manager or coordinator saw, with the reason. Nobody appraises themself. */
export async function appraise(actor: Actor, person: Id, given: Appraisal): Promise<Judged> {
  if (actor.person === person) throw new Forbidden('competencies:not-oneself')
  const judged = await record(actor, person, {
    ...given,
    kind: 'appraisal',
    source: 'competencies:appraisal',
    assurance: 'witnessed',
    about: given.about ?? '',
  })
  const details = { competency: given.competency, level: given.level }
  if (judged.isNew) await audit(actor, 'competencies:appraised', { object: person, details })
  return judged
}

type Given = Judgement &
  Pick<Evidence, 'kind' | 'source' | 'assurance' | 'about'> & { readonly reason?: string }

/** The id holds who wrote it and about whom, so that one that was sent for another person is never taken for this. */
async function record(actor: Actor, person: Id, given: Given): Promise<Judged> {
  const { id = randomUUID(), competency, level, kind, source, assurance, about, reason } = given
  await refuseUnknown(competency, level)
  const by = actor.person ?? ''
  const _id = `${person}|${kind}|${by}|${id}`
  const before = await evidenceById(_id)
  if (before) return { ...before, isNew: false }
  const made = { _id, person, competency, level, kind, source, assurance, about, at: now() }
  await addEvidence({
    ...made,
    sourceId: id,
    ...(kind === 'appraisal' && { by }),
    ...(reason && { reason }),
  })
  return { ...made, sourceId: id, revision: 1, isNew: true }
}

async function refuseUnknown(competency: Id, level: number): Promise<void> {
  const found = (await competenciesInForce([competency])).get(competency)
  if (!found) {
    const code = 'competencies:no-such-competency'
    throw new Invalid(code, { errors: [{ path: 'competency', code }] })
  }
  if (!found.levels.includes(level)) {
    const code = 'competencies:no-such-level'
    throw new Invalid(code, { errors: [{ path: 'level', code }] })
  }
}
