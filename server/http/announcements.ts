import type { Request, Response } from 'express'
import type { Id } from '../kernel/contract.js'
import { now } from '../platform/clock.js'
import { formatFor } from './format.js'
import type { Visit } from './respond.js'

/** What an institution tells everybody at the top of each page. */
export interface Announcement {
  readonly id: Id
  readonly tone: 'info' | 'warning'
  /** By language; not every language need be there. */
  readonly texts: Readonly<Record<string, string>>
  /** First and last day, `2026-12-25`, in the reader's time zone. */
  readonly from: string
  readonly until: string
  /** Whether it is shown before the sign-in too. */
  readonly atSignIn: boolean
}

/** An announcement in the words of one reader. */
export interface Announced {
  readonly id: Id
  readonly tone: Announcement['tone']
  readonly text: string
  /** The language of the text, which may not be the reader's. */
  readonly language: string
  /** Where closing it leads back to. */
  readonly back: string
}

const cookie = 'closed'
const kept = 20
const year = 365 * 86_400_000

/** The announcements that hold today for whoever visits and that they have not closed. */
export function announcedTo({ req, viewer, language, look }: Visit): Announced[] {
  if (look.announcements.length === 0) return []
  const { timeZone } = (viewer ?? {}) as { timeZone?: string }
  const today = formatFor('en', timeZone).sortable(now()).slice(0, 10)
  const closed = closedIn(req)
  const back = req.method === 'GET' ? req.originalUrl : '/'
  return look.announcements
    .filter(({ from, until }) => from <= today && today <= until)
    .filter(({ id, atSignIn }) => (viewer || atSignIn) && !closed.includes(id))
    .map(({ id, tone, texts }) => ({ id, tone, back, ...wordsFor(texts, language) }))
}

/** Remembers in the browser that its reader has closed an announcement. */
export function rememberClosed(req: Request, res: Response, id: Id): void {
  const ids = [...closedIn(req).filter((one) => one !== id), id].slice(-kept)
  const options = { httpOnly: true, sameSite: 'lax', secure: req.secure, maxAge: year } as const
  res.cookie(cookie, ids.join('.'), options)
}

const closedIn = (req: Request): string[] =>
  /(?:^|; )closed=([\w.-]+)/.exec(req.get('cookie') ?? '')?.[1]?.split('.') ?? []

/** In the reader's language, else in the first there is. */
function wordsFor(
  texts: Announcement['texts'],
  wanted: string,
): Pick<Announced, 'text' | 'language'> {
  const [language = wanted, text = ''] =
    Object.entries(texts).find(([one]) => one === wanted) ?? Object.entries(texts)[0] ?? []
  return { language, text }
}
