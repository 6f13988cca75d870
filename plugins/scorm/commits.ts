import { audit, Conflict, now, settle, systemActor, type Id } from '#core'
import type { z } from 'zod'
import type { ScormManifest } from './contract.js'
import { malformed, tooLarge, toCommit } from './envelopes.js'
import type { commitAnswer, CommitForm } from './forms.js'
import { keepLate } from './late.js'
import { RuntimeModel } from './models.js'
import type { Circumstances } from './runtime/applying.js'
import type { Decision } from './runtime/decisions.js'
import { receive, type Receipt } from './runtime/receiving.js'
import type { Commit, Runtime } from './runtime/runtime.js'
import { attemptEnded, manifestOf } from './sources.js'
import { changeRuntime } from './storing.js'
import type { Grant } from './tokens.js'

export type CommitAnswer = z.infer<typeof commitAnswer>

/**
 * Stores a commit, once, and answers as the protocol says: applied, repeated and superseded are 200; all else throws
 * (409 with a `reason`, 422 with a path per fault). The answer is given after the write is durable.
 */
export async function applyCommit(
  grant: Grant,
  form: CommitForm,
  address: string,
): Promise<CommitAnswer> {
  const manifest = await manifestOf(grant.version)
  const commit = toCommit(form, manifest.standard)
  if (!manifest.items[commit.sco]?.launch) throw malformed([{ path: 'sco', code: 'unknown-item' }])
  if (grant.preview) return { result: 'true', commitId: commit.commitId, storedSeq: commit.seq }

  const circumstances = { at: now(), address, items: manifest.items }
  const { receipt, runtime } = await decideAndStore(grant.attempt, commit, circumstances)
  if (receipt.kind === 'applied' && receipt.runtime.owed) void settle(RuntimeModel, grant.attempt)
  if (receipt.kind === 'late' && runtime) await keepLate(runtime, commit, circumstances)
  if (receipt.kind === 'conflict') await noteConflict(grant, commit)
  return answerOf(receipt, commit, manifest)
}

interface Decided {
  readonly receipt: Receipt
  readonly runtime: Runtime | undefined
}

async function decideAndStore(
  attempt: Id,
  commit: Commit,
  circumstances: Circumstances,
): Promise<Decided> {
  const ended = await attemptEnded(attempt)
  return changeRuntime<Decided>(attempt, (stored) => {
    if (!stored) return { value: { receipt: { kind: 'reopen' }, runtime: undefined } }
    const runtime = ended ? { ...stored, endedAt: circumstances.at } : stored
    const receipt = receive(runtime, commit, circumstances)
    const value = { receipt, runtime }
    return receipt.kind === 'applied' ? { runtime: receipt.runtime, value } : { value }
  })
}

function answerOf(receipt: Receipt, commit: Commit, { items }: ScormManifest): CommitAnswer {
  const { commitId } = commit
  switch (receipt.kind) {
    case 'applied': {
      const { completion, success } = receipt.runtime.scos[commit.sco]?.result ?? {}
      const { ignored } = receipt.change
      return {
        ...stored(commitId, commit.seq, receipt.change.launch.lastAt),
        ...(completion && { completion }),
        ...(success && { success }),
        ...(ignored.length > 0 && { ignored: ignored.slice(0, 20) }),
      }
    }
    case 'repeated': {
      const { seq, at, ignored } = receipt.entry
      return { ...stored(commitId, seq, at), ...(ignored && { ignored: [...ignored] }) }
    }
    case 'superseded':
      return { result: 'true', commitId, storedSeq: receipt.storedSeq, superseded: true }
    case 'malformed':
      throw malformed(receipt.problems)
    case 'too-large':
      throw tooLarge()
    default:
      throw refusal(receipt, { commitId, items: items.length })
  }
}

const stored = (commitId: Id, storedSeq: number, at: Date): CommitAnswer => ({
  result: 'true',
  commitId,
  storedSeq,
  savedAt: at.toISOString(),
})

type Refused = Exclude<Decision, { kind: 'apply' | 'repeated' | 'superseded' }>

/** What the browser has to do next is in `reason`; `kept` says that the work is safe all the same. */
function refusal(receipt: Refused, about: { commitId: Id; items: number }): Conflict {
  const reason = receipt.kind === 'late' ? receipt.reason : receipt.kind
  const members = {
    result: 'false',
    reason,
    commitId: about.commitId,
    ...(receipt.kind === 'late' && { kept: true }),
    ...(receipt.kind === 'resend' && { storedSeq: receipt.storedSeq }),
  }
  return new Conflict(`scorm:${reason === 'conflict' ? 'commit-conflict' : reason}`, { members })
}

/** A body that changed under its id is a bug or an attack: either way somebody should see it. */
async function noteConflict(grant: Grant, { commitId, seq, launch }: Commit): Promise<void> {
  const details = { commitId, seq, launch, person: grant.person }
  await audit(systemActor('scorm'), 'scorm:commit-conflict', { object: grant.attempt, details })
}
