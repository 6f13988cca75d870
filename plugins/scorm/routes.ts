import express from 'express'
import { z } from 'zod'
import {
  answers,
  AppError,
  attemptFor,
  byToken,
  capabilityOf,
  goesTo,
  NotFound,
  publicUrl,
  routes,
  shows,
  signedIn,
  subject,
  takes,
  type Context,
} from '#core'
import { applyCommit, refuseForeign } from './commits.js'
import { parseBody } from './envelopes.js'
import { commitAnswer, commitForm, emptyForm, openedAnswer, openForm } from './forms.js'
import { discardLate, findLate, lateSamples, offeredLate, takeOverLate } from './late.js'
import { openRuntime } from './openings.js'
import { readToken, renewedToken } from './tokens.js'

const largestCommit = 4_000_000
const ownToken = byToken('an attempt token in the body, made for one attempt of one person')

/** On the content host, judged by the token alone: opening a launch, and saving. */
export const runtimeRoutes = routes(
  '/rt',
  (route) => {
    const body = takes(z.unknown(), { maxBytes: largestCommit })

    route.post('/open', ownToken, body, answers(openedAnswer), async (context) => {
      const form = parseBody(openForm, await bodyOf(context))
      const grant = readToken(form.token)
      await refuseForeign(grant, form.attempt)
      return openRuntime(grant, form.launch)
    })

    route.post('/commit', ownToken, body, answers(commitAnswer), async (context) => {
      const form = parseBody(commitForm, await bodyOf(context))
      const grant = readToken(form.token)
      await refuseForeign(grant, form.attempt)
      return applyCommit(grant, form, context.address)
    })
  },
  { host: 'content' },
)

/** The page that holds the API for content to find; it knows no session and carries no token. */
export const shellRoutes = routes(
  '/c',
  (route) => {
    const shown = shows(
      'scorm:shell',
      z.object({ title: z.string(), pageOrigin: z.string(), base: z.string(), person: z.string() }),
      { query: z.object({ language: z.string().max(10).optional() }) },
    )

    route.get('/:capability/shell', byToken('the capability in the path'), shown, ({ params }) => {
      const capability = params.capability ?? ''
      const { person } = capabilityOf(capability)
      return { title: 'SCORM', pageOrigin: publicUrl(), base: `/c/${capability}`, person }
    })
  },
  { host: 'content' },
)
