import { isDuplicateKey, NotFound, now, settle, Unavailable, type Id } from '#core'
import { malformed, tooLarge } from './envelopes.js'
import { KeptStateModel, RuntimeModel, type KeptState } from './models.js'
import type { Circumstances } from './runtime/applying.js'
import { gapsIn, parse } from './runtime/elements.js'
import { takenOver, withLateCommit } from './runtime/lateness.js'
import { largestState, stateSize } from './runtime/receiving.js'
import type { Closing, Commit, Runtime, Scos } from './runtime/runtime.js'
import { changeRuntime } from './storing.js'

const mostTries = 8

/** Work that came for a launch which another had replaced: what its learner is offered. */
export interface LateWork {
  readonly id: Id
  readonly at: Date
}

/** Stores a late commit on top of the state its launch had left, in a document of its own. Durable when it returns. */
export async function keepLate(
  runtime: Runtime,
  commit: Commit,
  { at, items }: Circumstances,
): Promise<void> {
  const _id = lateId(runtime, commit)
  for (let tries = 0; tries < mostTries; tries += 1) {
    const found = await KeptStateModel.findById(_id).lean<KeptState>()
    const before = found ?? (await startOf(runtime, commit))
    const after = withLateCommit(before, commit, { standard: runtime.standard, items, at })
    if (found && after === before) return
    if (stateSize(after.scos) > largestState) throw tooLarge()
    const problems = gapsIn(parse(before.scos[commit.sco]?.cmi), commit.values)
    if (problems.length > 0) throw malformed(problems)
    if (await writeLate(_id, { runtime, commit, found, after, at })) return
  }
  throw new Unavailable('scorm:busy')
}

/** Late work of an attempt that waits for its learner's word, the latest first. */
export async function offeredLate(attempt: Id): Promise<LateWork[]> {
  const found = await KeptStateModel.find({ attempt, kind: 'late', status: 'offered' })
    .sort({ epoch: -1 })
    .limit(10)
    .lean<KeptState[]>()
  return found.map(({ _id, at }) => ({ id: _id, at }))
}

/** Late work by its id, for the person whose it is. Throws `NotFound` for anybody else. */
export async function findLate(id: Id, person: Id | undefined): Promise<KeptState> {
  const found = await KeptStateModel.findOne({ _id: id, kind: 'late' }).lean<KeptState>()
  if (!found || found.person !== person) throw new NotFound()
  return found
}

/** Some late work, for the access test. */
export async function lateSamples(): Promise<{ id: Id; person: Id }[]> {
  const some = await KeptStateModel.find({ kind: 'late' }, { person: 1 })
    .limit(4)
    .lean<KeptState[]>()
  return some.map(({ _id, person }) => ({ id: _id, person }))
}

/** Puts late work in the attempt's place, under a new epoch. What it replaces is kept. Taking it twice is once. */
export async function takeOverLate(late: KeptState): Promise<void> {
  if (late.status === 'taken') return
  await changeRuntime(late.attempt, (runtime) => {
    if (!runtime) return { value: undefined }
    return { runtime: takenOver(runtime, late.scos, now()), value: undefined }
  })
  await KeptStateModel.updateOne({ _id: late._id }, { $set: { status: 'taken' } })
  void settle(RuntimeModel, late.attempt)
}

/** The learner does not want it; it stays stored all the same. */
export async function discardLate(late: KeptState): Promise<void> {
  await KeptStateModel.updateOne(
    { _id: late._id, status: 'offered' },
    { $set: { status: 'discarded' } },
  )
}

/** Moves the states of replaced launches out of the attempt's document. An owed step: doing it twice is once. */
export async function moveClosings({ _id, person, closings }: Runtime): Promise<void> {
  for (const closing of closings ?? []) await insertClosing({ attempt: _id, person, closing })
  const moved = (closings ?? []).map(({ epoch }) => epoch)
  await RuntimeModel.updateOne({ _id }, { $pull: { closings: { epoch: { $in: moved } } } } as never)
}

interface Moving {
  readonly attempt: Id
  readonly person: Id
  readonly closing: Closing
}

async function insertClosing({ attempt, person, closing }: Moving): Promise<void> {
  const { epoch, scos, at } = closing
  const _id = `${attempt}:${epoch}:closing`
  const kept: KeptState = {
    _id,
    attempt,
    person,
    epoch,
    kind: 'closing',
    status: 'kept',
    revision: 1,
    scos,
    seqs: {},
    at,
  }
  try {
    await KeptStateModel.collection.insertOne(kept as never)
  } catch (error) {
    if (!isDuplicateKey(error)) throw error
  }
}

/** One document per attempt and epoch; two devices that believe in the same epoch have one each. */
const lateId = ({ _id, launches }: Runtime, { epoch, launch }: Commit): Id => {
  const known = launches.some((one) => one.id === launch && one.epoch === epoch)
  return known ? `${_id}:${epoch}` : `${_id}:${epoch}:${launch}`
}

async function startOf(
  runtime: Runtime,
  { epoch }: Commit,
): Promise<{ scos: Scos; seqs: Readonly<Record<string, number>> }> {
  if (epoch === runtime.epoch) return { scos: runtime.scos, seqs: {} }
  const waiting = runtime.closings?.find((closing) => closing.epoch === epoch)
  if (waiting) return { scos: waiting.scos, seqs: {} }
  const left = await KeptStateModel.findOne({
    attempt: runtime._id,
    kind: 'closing',
    epoch: { $lte: epoch },
  })
    .sort({ epoch: -1 })
    .lean<KeptState>()
  return { scos: left?.scos ?? {}, seqs: {} }
}

interface Writing {
  readonly runtime: Runtime
  readonly commit: Commit
  readonly found: KeptState | null
  readonly after: { readonly scos: Scos; readonly seqs: Readonly<Record<string, number>> }
  readonly at: Date
}

async function writeLate(
  _id: Id,
  { runtime, commit, found, after, at }: Writing,
): Promise<boolean> {
  if (found) {
    const { modifiedCount } = await KeptStateModel.updateOne(
      { _id, revision: found.revision },
      { $set: { ...after, at, status: 'offered', revision: found.revision + 1 } },
    )
    return modifiedCount === 1
  }
  const { epoch } = commit
  const { person, _id: attempt } = runtime
  const late = { _id, attempt, person, epoch, kind: 'late', status: 'offered', revision: 1, at }
  try {
    await KeptStateModel.collection.insertOne({ ...late, ...after } as never)
    return true
  } catch (error) {
    if (isDuplicateKey(error)) return false
    throw error
  }
}
