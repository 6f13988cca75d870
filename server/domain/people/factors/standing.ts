import type { Id } from '../../../kernel/contract.js'
import { now } from '../../../platform/clock.js'
import type { Held } from '../models.js'
import { FactorRuleModel, FactorsModel, type FactorRule, type Factors } from './models.js'

/** What comes after the password: the second factor, setting one up, being told to, or nothing. */
export type NextStep = 'second-step' | 'set-up' | 'advised' | 'in'

const day = 86_400_000

/** What somebody has to do after the password. The days of grace begin with the first sign-in that asks. */
export async function nextStep(held: Held): Promise<NextStep> {
  const factors = await factorsOf(held.person)
  if (hasFactor(factors)) return 'second-step'
  const rule = await ruleFor(held)
  if (!rule) return 'in'
  const until = factors?.graceUntil ?? (await startGrace(held.person, rule))
  return until > now() ? 'advised' : 'set-up'
}

/** Whether somebody signs in by a second factor, or has to. */
export async function needsFactor(held: Pick<Held, 'person' | 'institution' | 'grants'>) {
  return hasFactor(await factorsOf(held.person)) || (await ruleFor(held)) !== undefined
}

/** What somebody has set up, if anything. */
export const factorsOf = (person: Id): Promise<Factors | null> =>
  FactorsModel.findById(person).lean<Factors>().exec()

/** Whether there is a second factor to ask for. */
export const hasFactor = (factors: Factors | null): boolean =>
  Boolean(factors?.app) || (factors?.passkeys ?? []).length > 0

/** The strictest rule that one of the roles held falls under, in the own institution or where they are held. */
export async function ruleFor({
  institution,
  grants,
}: Pick<Held, 'institution' | 'grants'>): Promise<FactorRule | undefined> {
  const held = grants ?? []
  const places = [...new Set([institution ?? '', ...held.map(({ over }) => over)])]
  const rules = await FactorRuleModel.find({ _id: { $in: places } }).lean<FactorRule[]>()
  return rules
    .filter(({ roles }) => held.some(({ role }) => roles.includes(role)))
    .sort((a, b) => a.graceDays - b.graceDays)[0]
}

async function startGrace(person: Id, { graceDays }: FactorRule): Promise<Date> {
  const graceUntil = new Date(Number(now()) + graceDays * day)
  await FactorsModel.updateOne({ _id: person }, { $set: { graceUntil } }, { upsert: true })
  return graceUntil
}
