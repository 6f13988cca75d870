import type { Commit, CommitEntry, Launch, Runtime } from './runtime.js'

/** The cases of the commit protocol, in their order. */
export type Decision =
  | { readonly kind: 'repeated'; readonly entry: CommitEntry }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'superseded'; readonly storedSeq: number }
  | { readonly kind: 'reopen' }
  | { readonly kind: 'late'; readonly reason: 'opened-elsewhere' | 'ended' }
  | { readonly kind: 'resend'; readonly storedSeq: number }
  | { readonly kind: 'apply'; readonly launch: Launch }

/** What is to become of a commit, given everything stored. Pure: the caller applies it on the revision it read. */
export function decide(runtime: Runtime, commit: Commit): Decision {
  const launch = launchOf(runtime, commit)
  const known = launch?.commits.find(({ commitId }) => commitId === commit.commitId)
  if (known) {
    return known.hash === commit.hash ? { kind: 'repeated', entry: known } : { kind: 'conflict' }
  }
  const storedSeq = launch?.scos[commit.sco]?.lastSeq ?? 0
  if (launch && commit.seq <= storedSeq) return { kind: 'superseded', storedSeq }
  if (commit.epoch > runtime.epoch) return { kind: 'reopen' }
  if (runtime.endedAt) return { kind: 'late', reason: 'ended' }
  if (!launch || commit.epoch < runtime.epoch) return { kind: 'late', reason: 'opened-elsewhere' }
  if (commit.baseSeq > storedSeq) return { kind: 'resend', storedSeq }
  return { kind: 'apply', launch }
}

/** A launch is known by the id its shell made and the epoch we gave it, both. */
export const launchOf = ({ launches }: Runtime, { launch, epoch }: Commit): Launch | undefined =>
  launches.find((one) => one.id === launch && one.epoch === epoch)
