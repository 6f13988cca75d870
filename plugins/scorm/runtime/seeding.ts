import type { ScormItem, Standard } from '../contract.js'
import { timespan } from './durations.js'
import { parse, toTree, type Elements } from './elements.js'
import { noResult, type Result } from './results.js'
import { totalSeconds, type Runtime, type Sco } from './runtime.js'

export interface Learner {
  readonly id: string
  readonly name: string
}

/** For whom, and how, an item is about to be played. */
export interface Playing {
  readonly learner: Learner
  readonly mode: 'normal' | 'browse'
}

type Given = Readonly<Record<string, string | number | undefined>>

/** What the browser's API finds in `cmi` when content starts: kept state, and all that is the server's to say. */
export function seedOf(
  runtime: Pick<Runtime, 'standard' | 'scos' | 'launches' | 'secondsBefore'>,
  { sco, item }: { sco: number; item: ScormItem },
  playing: Playing,
): Record<string, unknown> {
  const kept = runtime.scos[sco]
  const spent = totalSeconds(runtime as Runtime, String(sco))
  const given = runtime.standard === '1.2' ? given12 : given2004
  const state = forgotten(parse(kept?.cmi))
  const all = new Map([...initial(runtime.standard, item, state), ...state])
  for (const [path, value] of Object.entries(given({ item, kept, spent, playing }))) {
    if (value !== undefined && value !== '') all.set(path, String(value))
  }
  return toTree(all)
}

/** How content may tell that it was here before (RTE 3.4.2.1.5; 2004 RTE 4.2.10). */
export function entryOf(standard: Standard, kept: Sco | undefined): 'ab-initio' | 'resume' | '' {
  if (!kept) return 'ab-initio'
  // A window that was closed without a word is a visit to go on with.
  if (!kept.final) return 'resume'
  const exit = parse(kept.cmi).get(standard === '1.2' ? 'core.exit' : 'exit')
  return exit === 'suspend' ? 'resume' : ''
}

interface Source {
  readonly item: ScormItem
  readonly kept: Sco | undefined
  readonly spent: number
  readonly playing: Playing
}

function given12({ item, kept, spent, playing }: Source): Given {
  return {
    'core.student_id': playing.learner.id,
    'core.student_name': playing.learner.name,
    'core.credit': playing.mode === 'normal' ? 'credit' : 'no-credit',
    'core.lesson_mode': playing.mode,
    'core.entry': entryOf('1.2', kept),
    'core.lesson_status': status12(kept),
    'core.total_time': timespan('1.2', spent),
    launch_data: item.dataFromLms,
    'student_data.mastery_score': item.masteryScore,
    'student_data.max_time_allowed': item.maxTimeAllowed,
    'student_data.time_limit_action': item.timeLimitAction,
  }
}

function given2004({ item, kept, spent, playing }: Source): Given {
  const result = kept?.result ?? noResult
  const done = result.completion === 'completed'
  return {
    learner_id: playing.learner.id,
    learner_name: playing.learner.name,
    credit: playing.mode === 'normal' ? 'credit' : 'no-credit',
    mode: playing.mode,
    entry: entryOf('2004', kept),
    total_time: timespan('2004', spent),
    launch_data: item.dataFromLms,
    scaled_passing_score: item.scaledPassingScore,
    completion_threshold: item.completionThreshold,
    max_time_allowed: item.maxTimeAllowed,
    time_limit_action: item.timeLimitAction,
    completion_status: done ? 'completed' : undefined,
    success_status: result.success === 'unknown' ? undefined : result.success,
  }
}

function status12(kept: Sco | undefined): string {
  const { completion, success }: Result = kept?.result ?? noResult
  const status = parse(kept?.cmi).get('core.lesson_status') || 'not attempted'
  if (success !== 'unknown') return success
  return completion === 'completed' ? 'completed' : status
}

/** Of the last visit only: the next one says its own. */
function forgotten(state: Elements): Elements {
  const kept = new Map(state)
  for (const path of ['core.exit', 'core.session_time', 'exit', 'session_time']) kept.delete(path)
  return kept
}

/** The objectives a 2004 manifest declares are there from the start. */
function initial(standard: Standard, item: ScormItem, state: Elements): [string, string][] {
  if (standard === '1.2' || state.has('objectives.0.id')) return []
  const named = (item.objectives ?? []).filter(({ id }) => id)
  return named.map(({ id }, at) => [`objectives.${at}.id`, id])
}
