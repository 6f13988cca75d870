import { Invalid } from '../../../errors.js'
import type { Actor, Id } from '../../../kernel/contract.js'
import { contributions } from '../../../kernel/plugins.js'
import { administeredBy } from '../access.js'
import { audit } from '../audit.js'
import type { Person } from '../models.js'
import { faultsOf, type PasswordFault } from './faults.js'
import { PasswordRuleModel, type PasswordRule } from './models.js'

/** Whoever holds it says which passwords the people of the institution may choose. */
export const setPasswordRules = 'people:set-password-rules'

type Chosen = Omit<PasswordRule, '_id'>

/** Where nobody chose otherwise, and before there is an institution. */
export const defaultRule: Chosen = { minLength: 10, refuseKnown: true, refuseCommon: true }

/** The rule of an institution. */
export async function passwordRuleOf(institution: Id | undefined): Promise<Chosen> {
  const stored = institution && (await PasswordRuleModel.findById(institution).lean<PasswordRule>())
  const { minLength, refuseKnown, refuseCommon } = stored || defaultRule
  return { minLength, refuseKnown, refuseCommon }
}

/** The rule of the actor's institution. Throws `NotFound` for whoever does not administer it. */
export const ownPasswordRule = (actor: Actor): Promise<Chosen> =>
  passwordRuleOf(administeredBy(actor, setPasswordRules))

/** Says which passwords the people of the actor's institution may choose from now on. Those they have stay. */
export async function changePasswordRule(actor: Actor, chosen: Chosen): Promise<void> {
  const _id = administeredBy(actor, setPasswordRules)
  const before = await passwordRuleOf(_id)
  const changed = Object.entries(chosen).filter(
    ([key, value]) => value !== before[key as keyof Chosen],
  )
  if (changed.length === 0) return
  await PasswordRuleModel.updateOne({ _id }, { $set: chosen }, { upsert: true })
  await audit(actor, 'people:password-rules-changed', {
    object: _id,
    details: Object.fromEntries(changed),
  })
}

/** Whose password it is to be, as far as others may know. */
export type Known = Pick<
  Person,
  'givenName' | 'familyName' | 'email' | 'staffNumber' | 'institution'
>

/** Throws `Invalid` with every reason for which the rule of a person's institution refuses a password. */
export async function requireAcceptable(password: string, person: Known): Promise<void> {
  const rule = await passwordRuleOf(person.institution)
  refuse(faultsOf(password, rule, await knownOf(person)))
}

/** As `requireAcceptable`, for an account that is made together with its institution. */
export function requireAcceptableFirst(password: string, known: readonly string[]): void {
  refuse(faultsOf(password, defaultRule, known))
}

const product = 'Palier'

async function knownOf(person: Known): Promise<string[]> {
  const { givenName, familyName, email, staffNumber } = person
  const brought = await Promise.all(
    contributions('guessable').map(({ wordsFor }) => wordsFor(person)),
  )
  const own = [`${givenName} ${familyName}`, email ?? '', staffNumber ?? '']
  return [...own, ...brought.flat(), product]
}

function refuse(faults: readonly PasswordFault[]): void {
  if (faults.length === 0) return
  throw new Invalid('core:invalid-form', {
    errors: faults.map((fault) => ({ path: 'password', ...fault })),
  })
}
