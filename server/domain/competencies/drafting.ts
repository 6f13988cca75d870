import { readFramework } from '../../../content/framework/framework.js'
import { Conflict, Forbidden, Invalid } from '../../errors.js'
import type { Actor, Id } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { isDuplicateKey } from '../../platform/database.js'
import { owes, settle } from '../../platform/owed.js'
import { scopeOf } from '../organisation/scope.js'
import { audit } from '../people/audit.js'
import { contentOf, idOf, problemsOf, type FrameworkContent } from './content.js'
import { manageFrameworks } from './frameworks.js'
import { FrameworkModel, type Framework, type Texts } from './models.js'

/** What a new framework begins with: nothing but a scale, or one that Palier ships. */
export const starts = ['empty', 'managerial', 'digital'] as const

export interface NewFramework {
  /** A form's hidden id: sent twice, it creates once. */
  readonly id?: Id | undefined
  readonly slug: string
  readonly title: Texts
  readonly start: (typeof starts)[number]
}

type Made = Framework & { readonly isNew: boolean }

/** Drafts a framework for the actor's institution. Throws `Invalid('competencies:slug-taken')`. */
export async function createFramework(actor: Actor, given: NewFramework): Promise<Made> {
  const unit = actor.institution ?? scopeOf(actor, manageFrameworks).units[0]
  if (!unit) throw new Forbidden()
  const { id, slug, title, start } = given
  const shipped = contentOf(readFramework(start === 'empty' ? 'managerial' : start), slug)
  const content =
    start === 'empty' ? { ...shipped, description: title, competencies: [], profiles: [] } : shipped
  const draft = draftOf({ slug, version: 1, unit, content: { ...content, title } })
  const made = await insert({ ...draft, ...(id && { form: id }) })
  if (!made.isNew && (!id || made.form !== id)) throw slugTaken()
  if (made.isNew) await audit(actor, 'competencies:drafted', { object: made._id })
  return made
}

/** Drafts the version that will replace a published one. Asked twice, it answers the same draft. */
export async function draftNextVersion(actor: Actor, framework: Framework): Promise<Made> {
  const { slug, unit, title, description, scale, competencies, profiles } = framework
  const latest = await FrameworkModel.findOne({ slug }).sort({ version: -1 }).lean<Framework>()
  if (latest?.status === 'draft') return { ...latest, isNew: false }
  const version = (latest?.version ?? framework.version) + 1
  const content = { title, description, scale, competencies, profiles }
  const made = await insert(draftOf({ slug, version, unit, content }))
  if (made.isNew) await audit(actor, 'competencies:drafted', { object: made._id })
  return made
}

/** Changes what a draft says. Throws `Conflict` for what is published, and where somebody else was faster. */
export async function changeDraft(
  framework: Framework,
  change: Partial<FrameworkContent>,
): Promise<void> {
  refuseFixed(framework)
  if (change.scale && isScaleLocked(framework)) throw new Conflict('competencies:scale-locked')
  const { modifiedCount } = await FrameworkModel.updateOne(
    { _id: framework._id, status: 'draft', revision: framework.revision },
    { $set: change, $inc: { revision: 1 } },
  )
  if (modifiedCount === 0) throw new Conflict('competencies:changed-meanwhile')
}

/** Levels people hold refer to the scale: once a version was published it stays as it is. */
export const isScaleLocked = ({ version }: Framework): boolean => version > 1

/** Puts a draft in force; the version before becomes outdated. Publishing twice does it once. Throws `Invalid` with what is missing. */
export async function publishDraft(actor: Actor, framework: Framework): Promise<void> {
  if (framework.status === 'published') return
  refuseFixed(framework)
  const errors = problemsOf(framework)
  if (errors.length > 0) throw new Invalid('competencies:unfinished', { errors })
  const { _id, revision } = framework
  const { modifiedCount } = await FrameworkModel.updateOne(
    { _id, status: 'draft', revision },
    { $set: { status: 'published', publishedAt: now(), owed: ['replace'] }, $inc: { revision: 1 } },
  )
  if (modifiedCount === 0) throw new Conflict('competencies:changed-meanwhile')
  await settle(FrameworkModel, _id)
  await audit(actor, 'competencies:published', { object: _id })
}

/** Throws a draft away. */
export async function discardDraft(actor: Actor, framework: Framework): Promise<void> {
  refuseFixed(framework)
  await FrameworkModel.deleteOne({ _id: framework._id, status: 'draft' })
  await audit(actor, 'competencies:discarded', { object: framework._id })
}

/** Ties the step that a published version owes. */
export function startFrameworks(): void {
  owes(FrameworkModel, {
    replace: async ({ slug, version }: Framework) => {
      await FrameworkModel.updateMany(
        { slug, status: 'published', version: { $lt: version } },
        { $set: { status: 'outdated' } },
      )
    },
  })
}

interface Draft {
  readonly slug: string
  readonly version: number
  readonly unit: Id
  readonly content: FrameworkContent
}

const draftOf = ({ slug, version, unit, content }: Draft): Framework => ({
  _id: idOf(slug, version),
  slug,
  version,
  unit,
  status: 'draft',
  ...content,
  revision: 0,
})

async function insert(draft: Framework): Promise<Made> {
  try {
    await FrameworkModel.create(draft)
    return { ...draft, isNew: true }
  } catch (error) {
    if (!isDuplicateKey(error)) throw error
    const there = await FrameworkModel.findById(draft._id).lean<Framework>()
    if (!there) throw error
    return { ...there, isNew: false }
  }
}

function refuseFixed({ status }: Framework): void {
  if (status !== 'draft') throw new Conflict('competencies:published-is-fixed')
}

function slugTaken(): Invalid {
  const code = 'competencies:slug-taken'
  return new Invalid(code, { errors: [{ path: 'slug', code }] })
}
