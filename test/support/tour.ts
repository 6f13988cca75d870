import type { Route } from '../../server/http/routes.js'
import type { Built } from './built.js'

/** Those who visit; `nobody` has not signed in. */
export const roles = ['nobody', 'admin', 'trainer', 'coordinator', 'manager', 'learner'] as const
export type Role = (typeof roles)[number]

/** A page that a role can look at. */
export interface Stop {
  /** The path of its route. */
  readonly route: string
  readonly path: string
}

/** Signs a role in and gives its cookie; the language of its pages is set. */
export async function signedInAs(
  { url }: Built,
  role: Role,
  language = 'en',
): Promise<string | undefined> {
  if (role === 'nobody') return undefined
  const form = { email: `${role}@demo.palier`, password: 'palier-demo' }
  const { headers } = await post(url, '/sign-in', form)
  const cookie = headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
  await post(url, '/me/preferences', { language, theme: 'system', timeZone: 'UTC' }, cookie)
  return cookie
}

/** The cookie as a browser keeps it. */
export function cookiesFor(
  { url }: Built,
  cookie = '',
): { name: string; value: string; url: string }[] {
  const pairs = cookie.split('; ').filter(Boolean)
  return pairs.map((pair) => {
    const at = pair.indexOf('=')
    return { name: pair.slice(0, at), value: pair.slice(at + 1), url }
  })
}

/** Every page of the live route table that this visitor may see, its parameters filled from the subjects' samples. */
export async function pagesFor(built: Built, cookie: string | undefined): Promise<Stop[]> {
  const pages = built.app.tables
    .filter(({ host }) => host === 'app')
    .flatMap(({ entries }) => entries)
    .filter(({ method, shows }) => method === 'get' && shows?.kind === 'shows')
  const stops: Stop[] = []
  for (const route of pages) {
    const path = await reachable(built, route, cookie)
    if (path) stops.push({ route: route.path, path })
  }
  return stops
}

async function reachable(
  built: Built,
  route: Route,
  cookie: string | undefined,
): Promise<string | undefined> {
  for (const path of await candidates(built, route)) {
    const headers = { accept: 'application/json', ...(cookie && { cookie }) }
    const { status } = await fetch(new URL(path, built.url), { headers, redirect: 'manual' })
    if (status >= 500) throw new Error(`${path} answers ${status}`)
    if (status === 200) return path
  }
  return undefined
}

async function candidates(built: Built, { path, access }: Route): Promise<string[]> {
  if (!path.includes(':')) return [path]
  if (access.kind === 'token') return mailed(built, path)
  if (!('subject' in access) || !access.subject) return []
  const { name, sample } = access.subject
  const filled = (await sample()).map(({ id }) => path.replace(`:${name}`, encodeURIComponent(id)))
  return filled.filter((candidate) => !candidate.includes(':'))
}

async function mailed(built: Built, path: string): Promise<string[]> {
  if (path.startsWith('/reset/')) return [await built.linkFor('reset', 'learner@demo.palier')]
  if (path.startsWith('/invitations/'))
    return [await built.linkFor('invitation', 'learner@demo.palier')]
  if (path.startsWith('/welcome/')) return [await built.linkFor('first-administrator')]
  return []
}

const post = (url: string, path: string, form: Record<string, string>, cookie = '') =>
  fetch(new URL(path, url), {
    method: 'POST',
    body: new URLSearchParams(form),
    headers: { origin: url, cookie },
    redirect: 'manual',
  })
