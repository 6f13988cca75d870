import { z } from 'zod'
import { can, creates, goesTo, routes, shows, signedIn, takes } from '../../../http/routes.js'
import type { Actor } from '../../../kernel/contract.js'
import { codeForm, currentPasswordForm, factorRuleForm, nothing } from '../forms.js'
import { showOnce, takeOnce } from '../shown-once.js'
import { appOffered, beginApp, confirmApp, removeApp, renewRecoveryCodes } from './own-factors.js'
import { confirmPassword, isRecent } from './recent.js'
import { changeRule, ownRule, requireFactors } from './rules.js'
import { factorsOf, ruleFor } from './standing.js'

const security = '/me/security'
const codes = '/me/security/codes'
const own = { duringSupport: false } as const
const codesMade = z.object({ recoveryCodes: z.array(z.string()) })

const securityShown = z.object({
  /** Whether the password was typed within ten minutes, so that factors may be changed. */
  recent: z.boolean(),
  app: z.object({ since: z.iso.datetime() }).nullable(),
  passkeys: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      createdAt: z.iso.datetime(),
      lastUsedAt: z.iso.datetime().nullable(),
    }),
  ),
  recoveryCodes: z.number().int(),
  required: z.boolean(),
  /** Until when one who has to set one up may sign in without. */
  until: z.iso.datetime().nullable(),
})

/** A second factor for oneself: set up, replaced, removed. */
export const securityRoutes = routes(security, (route) => {
  route.get('/', signedIn(), shows('people:security', securityShown, own), ({ actor }) =>
    standing(actor),
  )

  route.post(
    '/confirm',
    signedIn(),
    takes(currentPasswordForm, { page: security }),
    goesTo(security),
    ({ actor, form }) => confirmPassword(actor, form.current),
  )
})

/** The actor's app: offered, proven by a code, removed. */
export const appRoutes = routes(`${security}/app`, (route) => {
  route.post(
    '/',
    signedIn(),
    takes(nothing, { page: security }),
    goesTo(`${security}/app`),
    ({ actor }) => beginApp(actor),
  )

  route.get(
    '/',
    signedIn(),
    shows('people:security-app', z.object({ secret: z.string(), address: z.string() }), own),
    ({ actor }) => appOffered(actor.person ?? ''),
  )

  route.post(
    '/confirm',
    signedIn(),
    takes(codeForm, { page: `${security}/app` }),
    creates(codes, codesMade),
    async ({ actor, form, req, res }) => {
      const recoveryCodes = await confirmApp(actor, form.code)
      showOnce({ req, res }, codes, recoveryCodes.join('.'))
      return { recoveryCodes }
    },
  )

  route.post(
    '/remove',
    signedIn(),
    takes(nothing),
    goesTo(security, { said: 'people:security.removed' }),
    ({ actor }) => removeApp(actor),
  )
})

/** Codes for the day when the phone is lost. */
export const recoveryRoutes = routes(codes, (route) => {
  route.get('/', signedIn(), shows('people:recovery-codes', codesMade, own), (context) => ({
    recoveryCodes: takeOnce(context, codes)?.split('.') ?? [],
  }))

  route.post('/', signedIn(), takes(nothing), creates(codes, codesMade), async (context) => {
    const recoveryCodes = await renewRecoveryCodes(context.actor)
    showOnce(context, codes, recoveryCodes.join('.'))
    return { recoveryCodes }
  })
})

/** Which roles need a second factor. */
export const factorRuleRoutes = routes('/admin/sign-in', (route) => {
  const rule = z.object({ roles: z.array(z.string()), graceDays: z.number().int() })

  route.get('/', can(requireFactors), shows('people:factor-rule', rule), async ({ actor }) => {
    const { roles, graceDays } = await ownRule(actor)
    return { roles: [...roles], graceDays }
  })

  route.post(
    '/',
    can(requireFactors),
    takes(factorRuleForm),
    goesTo('/admin/sign-in', { said: 'people:factor-rule.done' }),
    ({ actor, form }) => changeRule(actor, form),
  )
})

async function standing(actor: Actor): Promise<z.input<typeof securityShown>> {
  const [recent, factors, rule] = await Promise.all([
    isRecent(actor),
    factorsOf(actor.person ?? ''),
    ruleFor({
      grants: [...actor.grants],
      ...(actor.institution && { institution: actor.institution }),
    }),
  ])
  return {
    recent,
    app: factors?.app ? { since: factors.app.since.toISOString() } : null,
    passkeys: (factors?.passkeys ?? []).map(({ id, name, createdAt, lastUsedAt }) => ({
      ...{ id, name, createdAt: createdAt.toISOString() },
      lastUsedAt: lastUsedAt?.toISOString() ?? null,
    })),
    recoveryCodes: factors?.recoveryCodes.length ?? 0,
    required: rule !== undefined,
    until: factors?.graceUntil?.toISOString() ?? null,
  }
}
