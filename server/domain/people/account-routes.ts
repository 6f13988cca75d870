import { z } from 'zod'
import { creates, goesTo, routes, shows, signedIn, takes } from '../../http/routes.js'
import { changePasswordForm, nothing, preferencesForm, tokenForm } from './forms.js'
import { changePassword, changePreferences, ownPerson } from './own-account.js'
import { showOnce, takeOnce } from './shown-once.js'
import { passwordRuleShown } from './passwords/rule-routes.js'
import { passwordRuleOf } from './passwords/rules.js'
import { endSession, ownSessions, signOutElsewhere, signOutEverywhere } from './sessions.js'
import { createOwnToken, ownTokens, revokeToken } from './tokens.js'

const at = z.iso.datetime()
const own = { duringSupport: false } as const

const preferencesShown = z.object({
  language: z.string(),
  theme: z.string(),
  timeZone: z.string(),
  timeZones: z.array(z.string()),
})

const sessionsShown = z.object({
  sessions: z.array(
    z.object({
      id: z.string(),
      signedInAt: at,
      lastSeenAt: at,
      agent: z.string(),
      address: z.string(),
      current: z.boolean(),
    }),
  ),
})

const tokensShown = z.object({
  made: z.string().nullable(),
  tokens: z.array(
    z.object({
      id: z.string(),
      label: z.string(),
      createdAt: at,
      expiresAt: at,
      lastUsedAt: at.nullable(),
    }),
  ),
})

export const preferenceRoutes = routes('/me', (route) => {
  route.get(
    '/preferences',
    signedIn(),
    shows('people:preferences', preferencesShown),
    async ({ actor }) => {
      const { language, theme, timeZone } = await ownPerson(actor)
      const timeZones = [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])]
      return { language, theme, timeZone, timeZones }
    },
  )

  route.post(
    '/preferences',
    signedIn(),
    takes(preferencesForm),
    goesTo('/me/preferences', { said: 'people:preferences.done' }),
    ({ actor, form }) => changePreferences(actor, form),
  )

  route.get(
    '/password',
    signedIn(),
    shows('people:password', z.object({ rule: passwordRuleShown }), own),
    async ({ actor }) => ({ rule: await passwordRuleOf((await ownPerson(actor)).institution) }),
  )

  route.post(
    '/password',
    signedIn(),
    takes(changePasswordForm),
    goesTo('/me/password', { said: 'people:password.done' }),
    ({ actor, form }) => changePassword(actor, form),
  )
})

export const sessionRoutes = routes('/me/sessions', (route) => {
  route.get('/', signedIn(), shows('people:sessions', sessionsShown, own), async ({ actor }) => ({
    sessions: (await ownSessions(actor)).map(({ signedInAt, lastSeenAt, ...line }) => ({
      ...line,
      signedInAt: signedInAt.toISOString(),
      lastSeenAt: lastSeenAt.toISOString(),
    })),
  }))

  route.post(
    '/end-others',
    signedIn(),
    takes(nothing),
    goesTo('/me/sessions', { said: 'people:sessions.others-ended' }),
    ({ actor }) => signOutElsewhere(actor),
  )

  route.post('/end-all', signedIn(), takes(nothing), goesTo('/sign-in'), ({ actor }) =>
    signOutEverywhere(actor),
  )

  route.post(
    '/:session/end',
    signedIn(),
    takes(nothing),
    goesTo('/me/sessions', { said: 'people:sessions.ended' }),
    ({ actor, params }) => endSession(actor, params.session ?? ''),
  )
})

const tokensPath = '/me/tokens'

export const tokenRoutes = routes('/me/tokens', (route) => {
  route.get('/', signedIn(), shows('people:tokens', tokensShown, own), async (context) => ({
    made: takeOnce(context, tokensPath),
    tokens: (await ownTokens(context.actor)).map((line) => ({
      ...line,
      createdAt: line.createdAt.toISOString(),
      expiresAt: line.expiresAt.toISOString(),
      lastUsedAt: line.lastUsedAt?.toISOString() ?? null,
    })),
  }))

  route.post(
    '/',
    signedIn(),
    takes(tokenForm),
    creates('/me/tokens', z.object({ token: z.string() })),
    async ({ actor, form, req, res }) => {
      const token = await createOwnToken(actor, form)
      showOnce({ req, res }, tokensPath, token)
      return { token }
    },
  )

  route.post(
    '/:key/revoke',
    signedIn(),
    takes(nothing),
    goesTo('/me/tokens', { said: 'people:tokens.revoked' }),
    ({ actor, params }) => revokeToken(actor, params.key ?? ''),
  )
})
