import { z } from 'zod'
import { can, goesTo, routes, shows, takes } from '../../../http/routes.js'
import { passwordRuleForm, passwordTrialForm } from '../forms.js'
import { ownPerson } from '../own-account.js'
import {
  changePasswordRule,
  ownPasswordRule,
  requireAcceptable,
  setPasswordRules,
} from './rules.js'

const page = '/admin/passwords'

/** What a form in which a password is chosen tells before one types. */
export const passwordRuleShown = z.object({
  minLength: z.number().int(),
  refuseKnown: z.boolean(),
  refuseCommon: z.boolean(),
})

/** Which passwords the people of an institution may choose, and a test of one. */
export const passwordRuleRoutes = routes(page, (route) => {
  route.get(
    '/',
    can(setPasswordRules),
    shows('people:password-rules', passwordRuleShown),
    ({ actor }) => ownPasswordRule(actor),
  )

  route.post(
    '/',
    can(setPasswordRules),
    takes(passwordRuleForm),
    goesTo(page, { said: 'people:password-rules.done' }),
    ({ actor, form }) => changePasswordRule(actor, form),
  )

  // What is tried is judged as if whoever tries it chose it, and then forgotten: nothing keeps it.
  route.post(
    '/try',
    can(setPasswordRules),
    takes(passwordTrialForm, { page }),
    goesTo(page, { said: 'people:password-rules.accepted' }),
    async ({ actor, form }) => requireAcceptable(form.password, await ownPerson(actor)),
  )
})
