import { currentLaunch, type Closing, type Launch, type Runtime } from './runtime.js'

const launchesListed = 50
const launchesTraced = 10

/** What a launch finds: the epoch it holds, and the runtime after the claim. */
export interface Claim {
  readonly runtime: Runtime
  readonly launch: Launch
  /** False where this very launch had claimed before: nothing to write. */
  readonly claimed: boolean
}

/** Claims the next epoch for a launch. The same launch gets the same epoch; the state it replaces is kept aside. */
export function claim(runtime: Runtime, id: string, at: Date): Claim {
  const known = runtime.launches.find((one) => one.id === id)
  if (known) return { runtime, launch: known, claimed: false }

  const launch: Launch = {
    id,
    epoch: runtime.epoch + 1,
    openedAt: at,
    lastAt: at,
    applied: 0,
    launchSeq: 0,
    scos: {},
    commits: [],
  }
  const closings = closingsAfter(runtime, at)
  const next: Runtime = {
    ...runtime,
    ...shortened([...closed(runtime, at), launch], runtime),
    revision: runtime.revision + 1,
    epoch: launch.epoch,
    live: true,
    ...(closings.length > 0 && { closings, owed: owing(runtime, 'closings') }),
  }
  return { runtime: next, launch, claimed: true }
}

/** Closes the launch that holds the attempt, as suspended, if it has been silent since before `silentSince`. */
export function closeSilent(runtime: Runtime, silentSince: Date, at: Date): Runtime | undefined {
  const launch = currentLaunch(runtime)
  if (!runtime.live || (launch && launch.lastAt > silentSince)) return undefined
  const { live: _live, ...rest } = runtime
  return { ...rest, revision: runtime.revision + 1, launches: closed(runtime, at) }
}

/** `owed` with these steps, each once. */
export const owing = ({ owed = [] }: Runtime, ...steps: readonly string[]): readonly string[] => [
  ...new Set([...owed, ...steps]),
]

/** A launch that changed nothing leaves what the one before it left: that is kept already. */
function closingsAfter(runtime: Runtime, at: Date): readonly Closing[] {
  const launch = currentLaunch(runtime)
  const pending = runtime.closings ?? []
  if (!launch || launch.applied === 0) return pending
  return [...pending, { epoch: runtime.epoch, scos: runtime.scos, at }]
}

const closed = ({ launches }: Runtime, at: Date): Launch[] =>
  launches.map((launch) => (launch.closedAt ? launch : { ...launch, closedAt: at }))

/** Old launches keep their place and their times, then only their times: the document stays small. */
function shortened(
  launches: readonly Launch[],
  { secondsBefore }: Runtime,
): Pick<Runtime, 'launches' | 'secondsBefore'> {
  const gone = launches.slice(0, -launchesListed)
  const before = { ...secondsBefore }
  for (const { scos } of gone) {
    for (const [sco, { seconds }] of Object.entries(scos))
      before[sco] = (before[sco] ?? 0) + seconds
  }
  const listed = launches.slice(-launchesListed)
  return {
    secondsBefore: before,
    launches: listed.map((launch, at) =>
      at < listed.length - launchesTraced
        ? { ...launch, commits: launch.commits.slice(-1) }
        : launch,
    ),
  }
}
