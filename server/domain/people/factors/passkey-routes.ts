import { z } from 'zod'
import { wantsJson } from '../../../http/headers.js'
import { answers, creates, goesTo, routes, signedIn, takes } from '../../../http/routes.js'
import { nothing, passkeyForm, passkeyNameForm } from '../forms.js'
import { showOnce } from '../shown-once.js'
import { offerPasskey, removePasskey, renamePasskey, takePasskey } from './passkeys.js'

const security = '/me/security'
const codes = `${security}/codes`

/** The actor's passkeys: added by a browser that runs scripts, named, removed. */
export const passkeyRoutes = routes(`${security}/passkeys`, (route) => {
  route.post(
    '/options',
    signedIn(),
    takes(nothing),
    answers(z.looseObject({ challenge: z.string() })),
    async ({ actor }) => ({ ...(await offerPasskey(actor)) }),
  )

  route.post(
    '/',
    signedIn(),
    takes(passkeyForm, { page: security }),
    creates(security, z.object({ recoveryCodes: z.array(z.string()) }), {
      said: 'people:security.passkey-added',
    }),
    async ({ actor, form, req, res }) => {
      const recoveryCodes = await takePasskey(actor, form)
      if (recoveryCodes.length > 0) {
        showOnce({ req, res }, codes, recoveryCodes.join('.'))
        if (!wantsJson(req)) res.redirect(303, codes)
      }
      return { recoveryCodes }
    },
  )

  route.post(
    '/:passkey/rename',
    signedIn(),
    takes(passkeyNameForm, { page: security }),
    goesTo(security),
    ({ actor, params, form }) => renamePasskey(actor, params.passkey ?? '', form.name),
  )

  route.post(
    '/:passkey/remove',
    signedIn(),
    takes(nothing),
    goesTo(security, { said: 'people:security.removed' }),
    ({ actor, params }) => removePasskey(actor, params.passkey ?? ''),
  )
})
