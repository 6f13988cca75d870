import type { Request, Response } from 'express'
import { z } from 'zod'
import { Unauthenticated } from '../../../errors.js'
import { wantsJson } from '../../../http/headers.js'
import {
  answers,
  anyone,
  goesTo,
  routes,
  shows,
  takes,
  type Context,
} from '../../../http/routes.js'
import type { Id } from '../../../kernel/contract.js'
import { finishSignIn, waitingHere } from '../authentication.js'
import { codeForm, nothing, passkeyStepForm } from '../forms.js'
import type { Waiting } from '../models.js'
import { showOnce } from '../shown-once.js'
import { appOffered, takeApp, toldOfFactor } from './own-factors.js'
import { askPasskey, proveByPasskey } from './passkeys.js'
import { proveByCode } from './proving.js'
import { factorsOf } from './standing.js'

const appView = z.object({ secret: z.string(), address: z.string() })
const codesPath = '/me/security/codes'

/** What comes between the password and the first page. */
export const secondStepRoutes = routes('/sign-in', (route) => {
  route.get(
    '/second-step',
    anyone,
    shows('people:second-step', z.object({ app: z.boolean(), passkeys: z.boolean() })),
    async ({ req, res }) => {
      const waiting = await waitingFor('second-step', req, res)
      if (!waiting) backToSignIn(req, res)
      const factors = waiting ? await factorsOf(waiting.person) : null
      return { app: Boolean(factors?.app), passkeys: Boolean(factors?.passkeys.length) }
    },
  )

  route.post('/second-step', anyone, takes(codeForm), goesTo('/'), (context) =>
    proven(context, (person) => proveByCode(person, context.form.code)),
  )
})

/** The second step by a passkey, where the browser runs scripts. */
export const passkeyStepRoutes = routes('/sign-in/second-step/passkey', (route) => {
  route.post(
    '/options',
    anyone,
    takes(nothing),
    answers(z.looseObject({ challenge: z.string() })),
    async ({ req, res }) => {
      const { person } = await needWaiting('second-step', req, res)
      return { ...(await askPasskey(person)) }
    },
  )

  route.post(
    '/',
    anyone,
    takes(passkeyStepForm, { page: '/sign-in/second-step' }),
    goesTo('/'),
    (context) => proven(context, (person) => proveByPasskey(person, context.form.response)),
  )
})

/** A first app for whoever may not sign in without any longer. */
export const setUpRoutes = routes('/sign-in', (route) => {
  route.get('/set-up', anyone, shows('people:set-up', appView), async ({ req, res }) => {
    const waiting = await waitingFor('set-up', req, res)
    if (waiting) return appOffered(waiting.person)
    backToSignIn(req, res)
    return { secret: '', address: '' }
  })

  route.post(
    '/set-up',
    anyone,
    takes(codeForm),
    goesTo(codesPath, { schema: z.object({ recoveryCodes: z.array(z.string()) }) }),
    async ({ form, req, res }) => {
      const waiting = await needWaiting('set-up', req, res)
      const recoveryCodes = await takeApp(waiting.person, form.code)
      await toldOfFactor(waiting.person)
      await finishSignIn(req, waiting)
      showOnce({ req, res }, codesPath, recoveryCodes.join('.'))
      return { recoveryCodes }
    },
  )
})

/** Lets in whoever waits and proves a second factor, and sends a page on to where it was going. */
async function proven(
  { req, res }: Pick<Context, 'req' | 'res'>,
  prove: (person: Id) => Promise<void>,
): Promise<void> {
  const waiting = await needWaiting('second-step', req, res)
  await prove(waiting.person)
  await finishSignIn(req, waiting)
  if (!wantsJson(req)) res.redirect(303, waiting.next)
}

async function waitingFor(
  step: Waiting['step'],
  req: Request,
  res: Response,
): Promise<Waiting | undefined> {
  const waiting = await waitingHere(req, res)
  return waiting?.step === step ? waiting : undefined
}

async function needWaiting(step: Waiting['step'], req: Request, res: Response): Promise<Waiting> {
  const waiting = await waitingFor(step, req, res)
  if (!waiting) throw new Unauthenticated('people:sign-in-first')
  return waiting
}

/** Whoever waited too long, or for nothing, begins anew. */
function backToSignIn(req: Request, res: Response): void {
  if (wantsJson(req)) throw new Unauthenticated('people:sign-in-first')
  res.redirect(303, '/sign-in')
}
