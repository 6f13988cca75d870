import { Forbidden } from '../../../errors.js'
import type { Actor } from '../../../kernel/contract.js'
import { may, type Permission } from '../../people/access.js'

/** To write to those who take part: who teaches the course to all, others to the people they answer for. */
export const writeToParticipants = 'learning:write-to-participants'

export const writingPermission: Permission = {
  id: writeToParticipants,
  roles: ['trainer', 'coordinator', 'administrator', 'manager'],
}

/** Whom they reach is another matter: the course may be of a unit above theirs. Throws `Forbidden`. */
export function refuseWhoWritesToNobody(actor: Actor): void {
  if (!may(actor, writeToParticipants)) throw new Forbidden()
}
