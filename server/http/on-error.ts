import type { ErrorRequestHandler, Request, Response } from 'express'
import type { ZodError } from 'zod'
import { AppError, Invalid, NotFound, TooLarge, type FieldError } from '../errors.js'
import { logger } from '../kernel/logger.js'
import { bestLanguage, hasKey, translator, type Translate } from '../platform/i18n.js'
import { databaseFailure } from './availability.js'
import { wantsJson } from './headers.js'
import { addressOf } from './lists.js'
import { routeOf } from './request-log.js'
import { showPage, type Visit } from './respond.js'
import { plainLook } from './shell.js'

/** The translation of an error's code: `scorm:manifest-dtd` is said by `scorm:errors.manifest-dtd`. */
export function messageOf(
  t: Translate,
  code: string,
  values?: Readonly<Record<string, string | number>>,
): string {
  const key = code.replace(':', ':errors.')
  return hasKey(key) ? t(key, values) : t('core:errors.unknown', { code })
}

/** Zod's issues as field errors; their codes are `core:field-…` and say what a person can mend. */
export function fieldErrors(error: ZodError): FieldError[] {
  return error.issues.map((issue) => {
    const path = issue.path.join('.')
    const named = /^[a-z-]+:[a-z-]+$/.test(issue.message) ? issue.message : undefined
    if (named) return { path, code: named }
    if (issue.code === 'unrecognized_keys') {
      return { path: issue.keys[0] ?? path, code: 'core:field-unknown' }
    }
    const limits = limitsOf(issue)
    return { path, code: `core:field-${kindOf(issue)}`, ...(limits && { values: limits }) }
  })
}

type Issue = ZodError['issues'][number]

function kindOf(issue: Issue): string {
  if (issue.code === 'too_small') {
    if (issue.origin !== 'string') return 'too-small'
    return Number(issue.minimum) <= 1 ? 'required' : 'too-short'
  }
  if (issue.code === 'too_big') return issue.origin === 'string' ? 'too-long' : 'too-big'
  if (issue.code.startsWith('invalid_') && issue.input === undefined) return 'required'
  if (issue.code === 'invalid_type') return 'wrong-type'
  if (issue.code === 'invalid_format') return 'wrong-form'
  return 'wrong-value'
}

function limitsOf(issue: Issue): Record<string, number> | undefined {
  if (issue.code === 'too_small') return { limit: Number(issue.minimum) }
  if (issue.code === 'too_big') return { limit: Number(issue.maximum) }
  return undefined
}

/** Answers every failure: a page, or a problem document (RFC 9457). What was not expected reveals nothing. */
// eslint-disable-next-line max-params -- Express knows an error handler by its four
export const onError: ErrorRequestHandler = (raised: unknown, req, res, next) => {
  const error = expected(raised)
  if (error.status >= 500) {
    logger.error({ err: raised, route: routeOf(req) }, error.code)
  }
  if (res.headersSent) {
    next(raised)
    return
  }
  sayWhen(res, error)
  res.status(error.status).set('Cache-Control', 'no-store')
  if (
    error.status === 401 &&
    req.method === 'GET' &&
    !wantsJson(req) &&
    !req.get('authorization')
  ) {
    res.redirect(303, signInAddress(req))
    return
  }
  const visit = visitFor(req, res)
  if (wantsJson(req) || req.get('authorization')) sendProblem(visit, error)
  else sendErrorPage(visit, error)
}

/** Says after how many seconds to try again, where an error tells it (RFC 9110 §10.2.3). */
export function sayWhen(res: Response, { details }: AppError): void {
  const seconds = details.members?.retryAfter
  if (seconds !== undefined) res.set('Retry-After', String(seconds))
}

/** For what no route answers. */
export function nothingHere(): never {
  throw new NotFound()
}

/** Where a visitor of a page is sent to sign in, and comes back from. */
const signInAddress = (req: Request): string => addressOf('/sign-in', { next: req.originalUrl })

function sendProblem({ res, t, requestId }: Visit, error: AppError): void {
  const { details } = error
  res.type('application/problem+json').send(
    JSON.stringify({
      type: 'about:blank',
      title: t(`core:status.${error.status}`),
      status: error.status,
      code: error.code,
      detail: messageOf(t, error.code, details.values),
      ...(details.errors && {
        errors: details.errors.map((field) => ({
          path: field.path,
          code: field.code,
          detail: messageOf(t, field.code, field.values),
        })),
      }),
      ...details.members,
      requestId,
    }),
  )
}

function sendErrorPage(visit: Visit, error: AppError): void {
  const { t, requestId } = visit
  showPage(visit, 'errors:error', {
    status: error.status,
    title: t(`core:status.${error.status}`),
    detail: messageOf(t, error.code, error.details.values),
    errors: (error.details.errors ?? []).map((e) => messageOf(t, e.code, e.values)),
    code: error.code,
    requestId,
  })
}

/** An error may come before anybody was authenticated: then nobody visits. */
function visitFor(req: Request, res: Response): Visit {
  const known = res.locals.visit as Visit | undefined
  if (known) return known
  const language = bestLanguage(req.get('accept-language'))
  return {
    req,
    res,
    viewer: undefined,
    language,
    look: plainLook,
    t: translator(language),
    may: () => false,
    requestId: String(res.locals.requestId),
  }
}

function expected(error: unknown): AppError {
  if (error instanceof AppError) return error
  const { status, type } = error as { status?: number; type?: string }
  if (status === 413) return new TooLarge()
  if (typeof type === 'string' && status && status < 500) return unreadable(status)
  if (error instanceof URIError || status === 400) return unreadable(400)
  return databaseFailure(error) ?? new AppError(500, 'core:unexpected', {}, { cause: error })
}

const unreadable = (status: number): AppError =>
  status === 422 ? new Invalid('core:unreadable') : new AppError(status, 'core:unreadable')
