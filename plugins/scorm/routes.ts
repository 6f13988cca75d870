import express from 'express'
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import {
  answers,
  AppError,
  attemptFor,
  byToken,
  capabilityOf,
  contentUrlFor,
  goesTo,
  NotFound,
  publicUrl,
  routes,
  shows,
  signedIn,
  takes,
  type Context,
} from '#core'
import { admit } from './admission.js'
import { applyCommit } from './commits.js'
import { parseBody } from './envelopes.js'
import {
  commitAnswer,
  commitForm,
  emptyForm,
  lateShown,
  openedAnswer,
  openForm,
  shellShown,
  tokenAnswer,
} from './forms.js'
import { discardLate, offeredLate, takeOverLate } from './late.js'
import { openRuntime } from './openings.js'
import { onAttempt, onLate } from './subjects.js'
import { tokenFor } from './tokens.js'

const largestCommit = 4_000_000
const ownToken = byToken('an attempt token in the body, made for one attempt of one person')

/** On the content host, judged by the token alone: opening a launch, and saving. */
export const runtimeRoutes = routes(
  '/rt',
  (route) => {
    const body = takes(z.unknown(), { maxBytes: largestCommit })

    route.post('/open', ownToken, body, answers(openedAnswer), async (context) => {
      const form = parseBody(openForm, await bodyOf(context))
      return openRuntime(await admit(form), form.launch)
    })

    route.post('/commit', ownToken, body, answers(commitAnswer), async (context) => {
      const form = parseBody(commitForm, await bodyOf(context))
      return applyCommit(await admit(form), form, context.address)
    })
  },
  { host: 'content' },
)

/** The page that holds the API for content to find; it knows no session and carries no token. */
export const shellRoutes = routes(
  '/c',
  (route) => {
    const query = z.object({ language: z.string().max(10).optional() })
    const byCapability = byToken('the capability in the path')

    route.get(
      '/:capability/shell',
      byCapability,
      shows('scorm:shell', shellShown, { query }),
      (context) => {
        const text = context.params.capability ?? ''
        const capability = capabilityOf(text)
        // On another package's host it would share that package's storage.
        const { host } = new URL(contentUrlFor(capability).origin)
        if (context.req.headers.host !== host) throw new NotFound()
        guardShell(context)
        return {
          title: 'SCORM',
          pageOrigin: publicUrl(),
          base: `/c/${text}`,
          person: capability.person,
        }
      },
    )
  },
  { host: 'content' },
)

/** What the page around the player asks for, under the reader's session. */
export const playRoutes = routes('/scorm/attempts/:attempt', (route) => {
  route.post(
    '/token',
    signedIn(onAttempt),
    takes(emptyForm),
    answers(tokenAnswer),
    ({ actor, attempt }) => {
      const { _id, person, version } = attempt
      if (!version) throw new NotFound()
      return { token: tokenFor(actor, { attempt: _id, person, version }) }
    },
  )

  route.get('/late', signedIn(onAttempt), shows('scorm:late', lateShown), async ({ attempt }) => ({
    items: (await offeredLate(attempt._id)).map(({ id, at }) => ({ id, at: at.toISOString() })),
  }))
})

/** The learner's word on work that came late. */
export const lateRoutes = routes('/scorm/late/:late', (route) => {
  const back = (said: 'scorm:late.taken' | 'scorm:late.discarded') =>
    goesTo('/learn/:activity', { said })

  route.post(
    '/take-over',
    signedIn(onLate),
    takes(emptyForm),
    back('scorm:late.taken'),
    async ({ late }) => {
      await takeOverLate(late)
      return activityOf(late.attempt)
    },
  )

  route.post(
    '/discard',
    signedIn(onLate),
    takes(emptyForm),
    back('scorm:late.discarded'),
    async ({ late }) => {
      await discardLate(late)
      return activityOf(late.attempt)
    },
  )
})

const activityOf = async (attempt: string): Promise<{ activity: string }> => {
  const { activity } = await attemptFor(attempt)
  return { activity }
}

const readText = express.text({ limit: largestCommit, type: 'text/plain' })

/** What was sent: JSON, or JSON as plain text, which is all a beacon can send. */
async function bodyOf({ req, res, form }: Context & { form: unknown }): Promise<unknown> {
  if (!req.is('text/plain')) return form
  await new Promise<void>((done, fail) => {
    readText(req, res, (error?: unknown) => (error ? fail(error as Error) : done()))
  })
  try {
    return JSON.parse(String(req.body)) as unknown
  } catch (error) {
    throw new AppError(400, 'core:unreadable', {}, { cause: error })
  }
}

/** Only our own script runs in the page that holds the token; what courses run is in a frame of its own. */
function guardShell({ res }: Context): void {
  const nonce = randomBytes(16).toString('base64url')
  res.locals.nonce = nonce
  res.set('Cache-Control', 'no-store')
  res.set(
    'Content-Security-Policy',
    [
      "default-src 'none'",
      "script-src 'self'",
      `style-src 'nonce-${nonce}'`,
      "connect-src 'self'",
      "frame-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      `frame-ancestors ${publicUrl()}`,
    ].join('; '),
  )
}
