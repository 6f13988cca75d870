import { wantsJson } from '../../http/headers.js'
import type { Context } from '../../http/routes.js'

type Here = Pick<Context, 'req' | 'res'>

const onceOnly = { httpOnly: true, sameSite: 'strict', maxAge: 60_000 } as const

/** Carries a secret to the next page, which shows it once; it is kept nowhere on our side. Programs have it in their answer. */
export function showOnce({ req, res }: Here, path: string, secret: string): void {
  if (!wantsJson(req)) res.cookie('made', secret, { ...onceOnly, path, secure: req.secure })
}

/** What the page before made, if anything; it is not shown again. */
export function takeOnce({ req, res }: Here, path: string): string | null {
  const made = /(?:^|; )made=([\w.-]+)/.exec(req.get('cookie') ?? '')?.[1]
  if (made) res.clearCookie('made', { path })
  return made ?? null
}
