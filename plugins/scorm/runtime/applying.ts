import type { ScormItem } from '../contract.js'
import { secondsOf } from './durations.js'
import { merge, parse, serialise, type Elements } from './elements.js'
import { allowedChanges } from './guards.js'
import { keepEarned, noResult, resultOf } from './results.js'
import type { Commit, CommitEntry, Launch, Runtime, Sco } from './runtime.js'

const entriesPerLaunch = 20

/** The moment and the origin of a commit, and the items it is judged by. */
export interface Circumstances {
  readonly at: Date
  readonly address: string
  readonly items: readonly ScormItem[]
}

/** What applying a commit changes. A heartbeat changes only its launch, and owes nothing. */
export interface Change {
  readonly launch: Launch
  readonly sco: Sco | undefined
  readonly whole: Readonly<Partial<Record<'sequencing' | 'objectives' | 'shared', string>>>
  readonly ignored: readonly string[]
}

/** Works out what a commit changes. Pure, like `decide`, which must have said `apply`. */
export function changeOf(
  runtime: Runtime,
  { launch, commit }: { launch: Launch; commit: Commit },
  circumstances: Circumstances,
): Change {
  const kept = runtime.scos[commit.sco]
  const state = parse(kept?.cmi)
  const { allowed, ignored } = allowedChanges(state, commit.values)
  const all = [...commit.ignored, ...ignored]
  const next = merge(state, allowed)
  const newest = commit.launchSeq > launch.launchSeq
  return {
    launch: launchAfter(launch, { ...commit, ignored: all }, { ...circumstances, next, runtime }),
    sco: isHeartbeat(commit) ? undefined : scoAfter(runtime, { kept, next, commit }, circumstances),
    whole: newest ? wholeOf(commit) : {},
    ignored: all,
  }
}

/** The runtime after a change: what the atomic update stores. */
export function applied(
  runtime: Runtime,
  { sco: place, change, at }: { sco: number; change: Change; at: Date },
): Runtime {
  return {
    ...runtime,
    ...change.whole,
    revision: runtime.revision + 1,
    live: true,
    ...(change.sco && { scos: { ...runtime.scos, [place]: change.sco }, savedAt: at }),
    launches: runtime.launches.map((one) => (one.id === change.launch.id ? change.launch : one)),
  }
}

/** Nothing in it but a sign of life. */
export const isHeartbeat = (commit: Commit): boolean =>
  commit.values.size === 0 &&
  commit.ignored.length === 0 &&
  !commit.final &&
  Object.keys(wholeOf(commit)).length === 0

function scoAfter(
  { standard }: Runtime,
  { kept, next, commit }: { kept: Sco | undefined; next: Elements; commit: Commit },
  { at, items }: Circumstances,
): Sco {
  const latest = resultOf({ standard, item: items[commit.sco] }, next, commit.final)
  return {
    cmi: serialise(next),
    final: commit.final,
    result: keepEarned(kept?.result ?? noResult, latest),
    savedAt: at,
  }
}

function launchAfter(
  launch: Launch,
  commit: Commit,
  { at, address, next, runtime }: Circumstances & { next: Elements; runtime: Runtime },
): Launch {
  const seconds = commit.values.has(sessionTime(runtime))
    ? cappedSeconds(launch, commit, { at, runtime })
    : (launch.scos[commit.sco]?.seconds ?? 0)
  // A sign of life reopens a launch that silence had closed.
  const { closedAt: _closed, ...open } = launch
  const beat = isHeartbeat(commit)
  return {
    ...open,
    lastAt: at,
    applied: launch.applied + (beat ? 0 : 1),
    launchSeq: Math.max(launch.launchSeq, commit.launchSeq),
    scos: { ...launch.scos, [commit.sco]: { lastSeq: commit.seq, seconds } },
    commits: beat
      ? launch.commits
      : [...launch.commits, entryOf(commit, { at, address, next, runtime })].slice(
          -entriesPerLaunch,
        ),
  }
}

/** The session time reported, but never more than has passed, all items of the launch together. */
function cappedSeconds(
  launch: Launch,
  commit: Commit,
  { at, runtime }: { at: Date; runtime: Runtime },
): number {
  const reported = secondsOf(runtime.standard, commit.values.get(sessionTime(runtime)) ?? '') ?? 0
  const elapsed = Math.max(0, (at.getTime() - launch.openedAt.getTime()) / 1000)
  const others = Object.entries(launch.scos)
    .filter(([sco]) => sco !== String(commit.sco))
    .reduce((sum, [, { seconds }]) => sum + seconds, 0)
  return Math.min(reported, Math.max(0, elapsed - others))
}

function entryOf(
  commit: Commit,
  {
    at,
    address,
    next,
    runtime,
  }: {
    at: Date
    address: string
    next: Elements
    runtime: Runtime
  },
): CommitEntry {
  const is12 = runtime.standard === '1.2'
  const status = next.get(is12 ? 'core.lesson_status' : 'completion_status')
  const score = next.get(is12 ? 'core.score.raw' : 'score.scaled')
  const location = next.get(is12 ? 'core.lesson_location' : 'location')
  return {
    commitId: commit.commitId,
    hash: commit.hash,
    sco: commit.sco,
    seq: commit.seq,
    at,
    size: commit.size,
    address,
    ...(status && { status }),
    ...(score && { score }),
    ...(location && { location: location.slice(0, 100) }),
    ...(commit.ignored.length > 0 && { ignored: commit.ignored.slice(0, 20) }),
  }
}

function wholeOf({ sequencing, objectives, shared }: Commit): Change['whole'] {
  return {
    ...(sequencing !== undefined && { sequencing }),
    ...(objectives !== undefined && { objectives }),
    ...(shared !== undefined && { shared }),
  }
}

export const sessionTime = ({ standard }: Pick<Runtime, 'standard'>): string =>
  standard === '1.2' ? 'core.session_time' : 'session_time'
