import type { Actor } from '../../../kernel/contract.js'
import { administeredBy, type Role } from '../access.js'
import { audit } from '../audit.js'
import { FactorRuleModel, type FactorRule } from './models.js'

/** Whoever holds it says which roles need a second factor. */
export const requireFactors = 'people:require-factors'

/** Who must have a second factor in the actor's institution. Throws `NotFound` for whoever does not administer it. */
export async function ownRule(actor: Actor): Promise<FactorRule> {
  const institution = administeredBy(actor, requireFactors)
  const rule = await FactorRuleModel.findById(institution).lean<FactorRule>()
  return rule ?? { _id: institution, roles: [], graceDays: 14 }
}

/** Says who must have a second factor in the actor's institution. It is asked for at their next sign-in. */
export async function changeRule(
  actor: Actor,
  { roles, graceDays }: { readonly roles: readonly Role[]; readonly graceDays: number },
): Promise<void> {
  const _id = administeredBy(actor, requireFactors)
  await FactorRuleModel.updateOne({ _id }, { $set: { roles, graceDays } }, { upsert: true })
  await audit(actor, 'people:factors-required', {
    object: _id,
    details: { roles: roles.join(', '), graceDays },
  })
}
