import { z } from 'zod'
import { Forbidden, Unauthenticated } from '../../errors.js'
import { wantsJson } from '../../http/headers.js'
import { anyone, byToken, goesTo, routes, shows, takes, type Context } from '../../http/routes.js'
import { localPath } from '../../http/same-origin.js'
import { contributions } from '../../kernel/plugins.js'
import { askReset } from './account-mail.js'
import { signIn, signOut, startSessionFor } from './authentication.js'
import { choosePasswordForm, nothing, resetForm, signInForm } from './forms.js'
import { accountOf, normalisedEmail } from './describing.js'
import { goOn } from './going-on-routes.js'
import { countTry } from './limits.js'
import { makeLink } from './links.js'
import { acceptInvitation, resetPassword, whoseLink } from './own-account.js'
import { passwordRuleShown } from './passwords/rule-routes.js'
import { passwordRuleOf } from './passwords/rules.js'

const signedInPerson = z.object({
  person: z.object({ id: z.string(), name: z.string(), language: z.string() }),
})
const signInView = z.object({
  next: z.string(),
  ways: z.array(z.object({ id: z.string(), label: z.string(), href: z.string() })),
})
const linkView = z.object({ name: z.string(), account: z.string(), rule: passwordRuleShown })
const mailed = 'a mailed link that works once'

export const signInRoutes = routes('/', (route) => {
  route.get(
    '/sign-in',
    anyone,
    shows('people:sign-in', signInView, {
      query: z.object({ next: z.string().max(500).optional() }),
    }),
    ({ query }) => ({ next: localPath(query.next), ways: [...contributions('signIn')] }),
  )

  route.post(
    '/sign-in',
    anyone,
    takes(signInForm),
    goesTo('/', { schema: signedInPerson }),
    async ({ form, req, res }) => {
      const next = localPath(form.next)
      const admitted = await signIn(req, res, next)
      if (!admitted) throw new Unauthenticated('people:wrong-credentials')
      const { person, step } = admitted
      if (step === 'choose-password') return chooseFirst({ person: person._id, req, res })
      goOn({ req, res }, step, next)
      return { person: { id: person._id, name: person.name, language: person.language } }
    },
  )

  const leaving = takes(nothing, { duringSupport: true })
  route.post('/sign-out', anyone, leaving, goesTo('/sign-in'), ({ req, res }) => signOut(req, res))
})

export const resetRoutes = routes('/reset', (route) => {
  route.get('/', anyone, shows('people:reset', nothing), () => ({}))

  route.post(
    '/',
    anyone,
    takes(resetForm),
    goesTo('/sign-in', { said: 'people:reset.on-its-way' }),
    async ({ form, address, requestId }) => {
      const account = normalisedEmail(form.email)
      await countTry(['reset-account', account], ['reset-address', address])
      await askReset(account, requestId)
    },
  )

  route.get(
    '/:token',
    byToken(mailed),
    shows('people:choose-password', linkView),
    ({ params, address }) => opened(address, () => linkShown('reset', params.token)),
  )

  route.post(
    '/:token',
    byToken(mailed),
    takes(choosePasswordForm),
    goesTo('/', { said: 'people:reset.done' }),
    async ({ form, params, req, res, address }) => {
      const person = await opened(address, () => resetPassword(params.token, form.password))
      goOn({ req, res }, await startSessionFor(req, res, person), '/')
    },
  )
})

export const invitationRoutes = routes('/invitations/:token', (route) => {
  route.get('/', byToken(mailed), shows('people:invitation', linkView), ({ params, address }) =>
    opened(address, () => linkShown('invitation', params.token)),
  )

  route.post(
    '/',
    byToken(mailed),
    takes(choosePasswordForm),
    goesTo('/', { said: 'people:invitation.done' }),
    async ({ form, params, req, res, address }) => {
      const person = await opened(address, () => acceptInvitation(params.token, form.password))
      goOn({ req, res }, await startSessionFor(req, res, person), '/')
    },
  )
})

/** Whoever came in by a letter chooses a password of their own before anything else, as one who was invited by mail. */
async function chooseFirst({
  person,
  req,
  res,
}: Pick<Context, 'req' | 'res'> & { person: string }): Promise<undefined> {
  const { pathname } = new URL(await makeLink('invitation', person))
  if (wantsJson(req)) throw new Forbidden('people:first-password', { members: { href: pathname } })
  res.redirect(303, pathname)
}

async function linkShown(
  purpose: 'reset' | 'invitation',
  token: string | undefined,
): Promise<z.input<typeof linkView>> {
  const person = await whoseLink(purpose, token)
  const rule = await passwordRuleOf(person.institution)
  return { name: person.name, account: accountOf(person), rule }
}

/** Guessing links from one address is counted like guessing passwords. */
async function opened<T>(address: string, open: () => Promise<T>): Promise<T> {
  await countTry(['link-address', address])
  return open()
}
