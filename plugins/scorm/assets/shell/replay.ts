import type { Envelope, Outbox } from './outbox.js'
import type { Answer, Server } from './server.js'

/**
 * Sends what this device still holds of an attempt, before a new launch opens. Returns what the server could not
 * place (it was restored from a backup): that is said again by the launch to come.
 */
export async function replay(
  { server, outbox }: { server: Server; outbox: Outbox | undefined },
  attempt: string,
): Promise<Envelope[]> {
  const orphans: Envelope[] = []
  for (const envelope of (await outbox?.held(attempt)) ?? []) {
    const answer = await sendMended(server, envelope)
    if (answer.kind === 'unreachable' || answer.kind === 'signed-out') break
    if (answer.kind === 'resend' || answer.kind === 'reopen') orphans.push(envelope)
    else await outbox?.drop(envelope)
  }
  return orphans
}

/** What one bad element would block goes without it. */
async function sendMended(server: Server, envelope: Envelope): Promise<Answer> {
  const answer = await server.send(envelope)
  if (answer.kind !== 'malformed') return answer
  const delta = Object.entries(envelope.delta).filter(([path]) => !answer.paths.includes(path))
  const mended = { ...envelope, commitId: crypto.randomUUID(), delta: Object.fromEntries(delta) }
  return server.send(mended)
}
