import { randomBytes } from 'node:crypto'
import { NotFound } from '../../errors.js'
import type { Id } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { hashOf } from './hashing.js'
import { LinkModel, type LinkPurpose, type OneTimeLink } from './models.js'

const hour = 3_600_000

/** Where each kind of link leads, and for how long. */
const kinds = {
  reset: { path: '/reset', lasts: hour },
  invitation: { path: '/invitations', lasts: 14 * 24 * hour },
  'first-administrator': { path: '/welcome', lasts: 24 * hour },
} as const satisfies Record<LinkPurpose, { path: string; lasts: number }>

let publicUrl = ''

/** Sets the address that links begin with. */
export function useLinks(config: { readonly publicUrl: string }): void {
  publicUrl = config.publicUrl
}

/** Makes a link that works once. It replaces those of the same purpose and person; only its hash is kept. */
export async function makeLink(purpose: LinkPurpose, person?: Id): Promise<string> {
  const token = randomBytes(32).toString('base64url')
  const { path, lasts } = kinds[purpose]
  const link: OneTimeLink = {
    _id: hashOf(token),
    purpose,
    ...(person && { person }),
    expiresAt: new Date(Number(now()) + lasts),
  }
  await LinkModel.deleteMany({ purpose, person: person ?? null })
  await LinkModel.create(link)
  return `${publicUrl}${path}/${token}`
}

/** What a link is for, without using it. Throws `NotFound('people:link-used')` when it has expired or was used. */
export async function readLink(purpose: LinkPurpose, token: string): Promise<OneTimeLink> {
  const link = await LinkModel.findOne(working(purpose, token)).lean<OneTimeLink>()
  if (!link) throw new NotFound('people:link-used')
  return link
}

/** Uses a link up: of two who try at once, one gets it. Throws `NotFound('people:link-used')`. */
export async function useLink(purpose: LinkPurpose, token: string): Promise<OneTimeLink> {
  const link = await LinkModel.findOneAndDelete(working(purpose, token)).lean<OneTimeLink>()
  if (!link) throw new NotFound('people:link-used')
  return link
}

/** Removes links past their time. */
export async function removeExpiredLinks(): Promise<void> {
  await LinkModel.deleteMany({ expiresAt: { $lte: now() } })
}

const working = (purpose: LinkPurpose, token: string) => ({
  _id: hashOf(token),
  purpose,
  expiresAt: { $gt: now() },
})
