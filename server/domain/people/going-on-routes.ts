import { Forbidden } from '../../errors.js'
import { wantsJson } from '../../http/headers.js'
import type { Context } from '../../http/routes.js'
import type { NextStep } from './factors/standing.js'

/** Where each step of signing in is. */
export const stepPaths = {
  'second-step': '/sign-in/second-step',
  'set-up': '/sign-in/set-up',
  advised: '/me/security',
} as const

/**
 * Sends a page on to what comes after the password. A program is told by `Forbidden('people:second-step')` where to go;
 * its session waits.
 */
export function goOn(
  { req, res }: Pick<Context, 'req' | 'res'>,
  step: NextStep,
  next: string,
): void {
  if (!wantsJson(req)) return res.redirect(303, step === 'in' ? next : stepPaths[step])
  if (step === 'second-step' || step === 'set-up') {
    throw new Forbidden('people:second-step', { members: { href: stepPaths[step] } })
  }
}
