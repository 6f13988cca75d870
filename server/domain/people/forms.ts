import { z } from 'zod'
import { languages } from '../../platform/i18n.js'
import { newPassword } from './passwords/passwords.js'
import { grantableRoles } from './roles.js'

const zones = new Set([...Intl.supportedValuesOf('timeZone'), 'UTC'])

export const emailField = z.email({ error: 'people:email-form' }).trim().max(200)
/** Letters, digits and a few marks, as personnel offices number people. */
export const staffNumberField = z
  .string()
  .trim()
  .normalize('NFC')
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._/-]{0,39}$/u, { error: 'people:staff-number-form' })
export const languageField = z.enum(languages)
export const timeZoneField = z
  .string()
  .refine((zone) => zones.has(zone), { error: 'people:time-zone-unknown' })

/** An address or a staff number, not checked here: whatever is typed is answered alike. */
export const signInForm = z.strictObject({
  email: z.string().trim().min(1).max(200),
  password: z.string().min(1).max(200),
  next: z.string().max(500).optional(),
})

export const resetForm = z.strictObject({ email: z.string().trim().min(1).max(200) })

export const choosePasswordForm = z.strictObject({ password: newPassword })

/** A password that is not meant for anybody. */
export const passwordTrialForm = choosePasswordForm

export const changePasswordForm = z.strictObject({
  current: z.string().min(1).max(200),
  password: newPassword,
})

export const preferencesForm = z.strictObject({
  language: languageField,
  theme: z.enum(['system', 'light', 'dark']),
  timeZone: timeZoneField,
})

export const tokenForm = z.strictObject({
  label: z.string().trim().min(1).max(80),
  days: z.coerce.number().int().min(1).max(366).default(30),
})

export const codeForm = z.strictObject({ code: z.string().trim().min(1).max(40) })

export const currentPasswordForm = z.strictObject({ current: z.string().min(1).max(200) })

/** What a browser answers of a passkey, as a form's hidden field or as JSON. */
const passkeyAnswer = z.preprocess(
  parsed,
  z.looseObject({ id: z.string().max(2000) }, { error: 'people:passkey-refused' }),
)

export const passkeyForm = z.strictObject({
  name: z.string().trim().min(1).max(80),
  response: passkeyAnswer,
})

export const passkeyNameForm = passkeyForm.pick({ name: true })

export const passkeyStepForm = passkeyForm.pick({ response: true })

function parsed(given: unknown): unknown {
  try {
    return typeof given === 'string' ? JSON.parse(given) : given
  } catch {
    return undefined
  }
}

export const factorRuleForm = z.strictObject({
  roles: z.preprocess(
    (given) => [given ?? []].flat(),
    z.array(z.enum([...grantableRoles, 'manager'])),
  ),
  graceDays: z.coerce.number().int().min(0).max(90),
})

const ticked = z.union([z.boolean(), z.literal('true').transform(() => true)]).default(false)

export const passwordRuleForm = z.strictObject({
  minLength: z.coerce.number().int().min(8).max(64),
  refuseKnown: ticked,
  refuseCommon: ticked,
})

/** For buttons that say all by themselves. */
export const nothing = z.strictObject({})
