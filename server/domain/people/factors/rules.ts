import { NotFound } from '../../../errors.js'
import type { Actor, Id } from '../../../kernel/contract.js'
import { may, type Role } from '../access.js'
import { audit } from '../audit.js'
import { FactorRuleModel, type FactorRule } from './models.js'

/** Whoever holds it says which roles need a second factor. */
export const requireFactors = 'people:require-factors'

/** Who must have a second factor in the actor's institution. Throws `NotFound` for whoever does not administer it. */
export async function ownRule(actor: Actor): Promise<FactorRule> {
  const institution = administered(actor)
  const rule = await FactorRuleModel.findById(institution).lean<FactorRule>()
  return rule ?? { _id: institution, roles: [], graceDays: 14 }
}

/** Says who must have a second factor in the actor's institution. It is asked for at their next sign-in. */
export async function changeRule(
  actor: Actor,
  { roles, graceDays }: { readonly roles: readonly Role[]; readonly graceDays: number },
): Promise<void> {
  const _id = administered(actor)
  await FactorRuleModel.updateOne({ _id }, { $set: { roles, graceDays } }, { upsert: true })
  await audit(actor, 'people:factors-required', {
    object: _id,
    details: { roles: roles.join(', '), graceDays },
  })
}

function administered(actor: Actor): Id {
  const { institution } = actor
  if (!institution || !may(actor, requireFactors, { units: [institution] })) throw new NotFound()
  return institution
}
