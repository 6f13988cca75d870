import type { Built } from './built.js'
import { signIn, speak } from './session.js'

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
  const cookie = await signIn(url, `${role}@demo.palier`)
  await speak(url, cookie, language)
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

/** Every page that this visitor may see. */
export async function pagesFor({ url, pages }: Built, cookie = ''): Promise<Stop[]> {
  const stops: Stop[] = []
  for (const { route, paths } of pages) {
    const path = await firstSeen(url, paths, cookie)
    if (path) stops.push({ route, path })
  }
  return stops
}

async function firstSeen(
  url: string,
  paths: readonly string[],
  cookie: string,
): Promise<string | undefined> {
  for (const path of paths) {
    const headers = { accept: 'application/json', ...(cookie && { cookie }) }
    const { status } = await fetch(new URL(path, url), { headers, redirect: 'manual' })
    if (status >= 500) throw new Error(`${path} answers ${status}`)
    if (status === 200) return path
  }
  return undefined
}
