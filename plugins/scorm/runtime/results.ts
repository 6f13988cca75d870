import type { ScormItem, Standard } from '../contract.js'
import type { Elements } from './elements.js'

export type Completion = 'not-attempted' | 'incomplete' | 'completed' | 'unknown'
export type Success = 'passed' | 'failed' | 'unknown'

export interface Score {
  readonly scaled?: number
  readonly raw?: number
  readonly min?: number
  readonly max?: number
}

/** What one item has come to, in words common to both standards. */
export interface Result {
  readonly completion: Completion
  readonly success: Success
  readonly score?: Score
}

export const noResult: Result = { completion: 'not-attempted', success: 'unknown' }

/** What the server reads out of an item's state: mastery and passing scores are the manifest's, not the browser's. */
export function resultOf(
  { standard, item }: { standard: Standard; item: ScormItem | undefined },
  state: Elements,
  final: boolean,
): Result {
  const score = scoreOf(standard, state)
  const read = standard === '1.2' ? read12 : read2004
  return { ...read(item, state, { final, score }), ...(score && { score }) }
}

/** What was earned stays earned: completed and passed are never taken back, and then the score only rises. */
export function keepEarned(earned: Result, latest: Result): Result {
  const completion = earned.completion === 'completed' ? 'completed' : latest.completion
  const success = earned.success === 'passed' ? 'passed' : strongest(earned, latest)
  const keepsScore = earned.success === 'passed' && measure(earned.score) > measure(latest.score)
  const score = keepsScore ? earned.score : (latest.score ?? earned.score)
  return { completion, success, ...(score && { score }) }
}

interface Reading {
  readonly final: boolean
  readonly score: Score | undefined
}

/** SCORM 1.2 RTE 3.4.4, lesson_status and LMSFinish. */
function read12(item: ScormItem | undefined, state: Elements, { final, score }: Reading): Result {
  const status = state.get('core.lesson_status') ?? ''
  const left = final && state.get('core.exit') !== 'suspend'
  const raw = score?.raw
  const judged = item?.masteryScore !== undefined && raw !== undefined
  if (judged && (left || ['passed', 'failed', 'completed'].includes(status))) {
    const success = raw >= (item.masteryScore ?? 0) ? 'passed' : 'failed'
    return { completion: 'completed', success }
  }
  if (status === 'passed' || status === 'failed')
    return { completion: 'completed', success: status }
  const done = status === 'completed' || (left && untouched(status))
  return { completion: done ? 'completed' : begun(state, final), success: 'unknown' }
}

/** SCORM 2004 RTE 4.2.4.1, 4.2.21.1; content that never speaks of completion is complete when left (SN UP.4). */
function read2004(item: ScormItem | undefined, state: Elements, { final, score }: Reading): Result {
  const left = final && state.get('exit') !== 'suspend'
  return {
    completion: completion2004(item, state, { left, final }),
    success: success2004(item, state, score),
  }
}

function completion2004(
  item: ScormItem | undefined,
  state: Elements,
  { left, final }: { left: boolean; final: boolean },
): Completion {
  const threshold = item?.completionThreshold
  const measured = numberOf(state.get('progress_measure'))
  if (threshold !== undefined && measured !== undefined) {
    return measured >= threshold ? 'completed' : 'incomplete'
  }
  const status = state.get('completion_status') ?? ''
  if (status === 'completed' || status === 'incomplete') return status
  if (left && threshold === undefined && untouched(status)) return 'completed'
  return begun(state, final)
}

function success2004(
  item: ScormItem | undefined,
  state: Elements,
  score: Score | undefined,
): Success {
  const passing = item?.scaledPassingScore
  if (passing !== undefined && score?.scaled !== undefined) {
    return score.scaled >= passing ? 'passed' : 'failed'
  }
  const status = state.get('success_status')
  return status === 'passed' || status === 'failed' ? status : 'unknown'
}

function scoreOf(standard: Standard, state: Elements): Score | undefined {
  const prefix = standard === '1.2' ? 'core.score.' : 'score.'
  const read = (name: string): number | undefined => numberOf(state.get(prefix + name))
  const [raw, min, max] = [read('raw'), read('min'), read('max')]
  const scaled = standard === '1.2' ? scaledFrom({ raw, min, max }) : read('scaled')
  if (raw === undefined && scaled === undefined) return undefined
  return {
    ...(scaled !== undefined && { scaled }),
    ...(raw !== undefined && { raw }),
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
  }
}

/** In 1.2 scores run from 0 to 100 unless the content says otherwise. */
function scaledFrom({
  raw,
  min = 0,
  max = 100,
}: Partial<Record<'raw' | 'min' | 'max', number | undefined>>): number | undefined {
  if (raw === undefined || max <= min) return undefined
  return Math.min(1, Math.max(0, (raw - min) / (max - min)))
}

const numberOf = (value: string | undefined): number | undefined =>
  value === undefined || value === '' ? undefined : Number(value)

const untouched = (status: string): boolean =>
  status === '' || status === 'not attempted' || status === 'unknown'

const begun = (state: Elements, final: boolean): Completion =>
  state.size > 0 || final ? 'incomplete' : 'not-attempted'

const strongest = (earned: Result, latest: Result): Success =>
  latest.success === 'unknown' ? earned.success : latest.success

const measure = (score: Score | undefined): number => score?.scaled ?? score?.raw ?? -Infinity
