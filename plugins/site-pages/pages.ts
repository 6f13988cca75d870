import { audit, Conflict, isDuplicateKey, now, type Actor } from '#core'
import { readFileSync } from 'node:fs'
import {
  AcknowledgementModel,
  PageVersionModel,
  type Acknowledgement,
  type PageVersion,
  type Slug,
  type Texts,
} from './models.js'

/** A page as it reads now. */
export type CurrentPage = Pick<PageVersion, 'slug' | 'version' | 'texts'> & {
  readonly at?: Date
}

/** A text in the reader's language. */
export const textIn = (texts: Texts, language: string): string =>
  texts[language as keyof Texts] ?? texts.en

const shipped = new Map<Slug, CurrentPage>()

/** The page as the institution wrote it last, else the one that comes with Palier. */
export async function currentPage(slug: Slug): Promise<CurrentPage> {
  const written = await PageVersionModel.findOne({ slug }).sort({ version: -1 }).lean<PageVersion>()
  return written ?? shippedPage(slug)
}

/** Writes the next version of a page. Throws `Conflict` where somebody else wrote one meanwhile. */
export async function writePage(
  actor: Actor,
  slug: Slug,
  { texts, version }: { readonly texts: Texts; readonly version: number },
): Promise<void> {
  const next = version + 1
  const page = { _id: `${slug}@${next}`, slug, version: next, texts, at: now() }
  const code = 'site-pages:changed-meanwhile'
  if ((await currentPage(slug)).version !== version) throw new Conflict(code)
  try {
    await PageVersionModel.create({ ...page, by: actor.person ?? actor.name })
  } catch (error) {
    throw isDuplicateKey(error) ? new Conflict(code) : error
  }
  await audit(actor, 'site-pages:changed', { object: page._id })
}

/** The version of the privacy notice that somebody still has to read, if any. */
export async function unreadNotice(person: string): Promise<number | undefined> {
  const [{ version }, read] = await Promise.all([
    currentPage('privacy'),
    AcknowledgementModel.findById(person).lean<Acknowledgement>(),
  ])
  return !read || read.version < version ? version : undefined
}

/** Keeps that the actor has read the privacy notice in the version shown. */
export async function acknowledge({ person }: Actor, version: number): Promise<void> {
  if (!person) return
  await AcknowledgementModel.updateOne(
    { _id: person },
    { $max: { version }, $set: { at: now() } },
    { upsert: true },
  )
}

function shippedPage(slug: Slug): CurrentPage {
  const known = shipped.get(slug)
  if (known) return known
  const read = (language: string): string =>
    readFileSync(new URL(`./texts/${slug}.${language}.md`, import.meta.url), 'utf8')
  const page = {
    slug,
    version: 0,
    texts: { en: read('en'), fr: read('fr'), es: read('es') },
  }
  shipped.set(slug, page)
  return page
}
