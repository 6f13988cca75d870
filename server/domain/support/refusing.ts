import { Conflict, Forbidden } from '../../errors.js'
import type { Asked } from '../../http/pipeline.js'
import type { Actor, Name } from '../../kernel/contract.js'
import { audit } from '../people/audit.js'

/**
 * Refuses what is closed to whoever looks as somebody else does, and notes it in the log: every change, what is for the
 * person alone, and whatever would leave as a file. Throws `Forbidden('support:looking-only')`, `Forbidden('support:private')`
 * and, for a change sent after the view has ended, `Conflict('support:over')`.
 */
export async function letPass(viewer: Actor | undefined, asked: Asked): Promise<void> {
  const { takes, shows, method, path } = asked.route
  const changes = !shows && !takes?.duringSupport
  if (viewer?.supportOver && changes) throw new Conflict('support:over')
  if (!viewer?.support) return
  const code = changes ? 'support:looking-only' : isClosed(asked) ? 'support:private' : undefined
  if (!code) return
  await audit(viewer, 'support:refused', {
    ...(viewer.person && { object: viewer.person }),
    details: { asked: `${method.toUpperCase()} ${path}` },
  })
  throw new Forbidden(code satisfies Name)
}

function isClosed({ route: { shows, access }, takenAway }: Asked): boolean {
  if (shows?.kind === 'downloads') return access.kind === 'signed-in' || access.kind === 'can'
  return shows?.duringSupport === false || (takenAway && shows?.file !== undefined)
}
