import { NotFound } from '../../errors.js'
import type { Actor, Id } from '../../kernel/contract.js'
import { may } from '../people/access.js'
import { FrameworkModel, type Competency, type Framework } from './models.js'
import { textIn } from './texts.js'

export type { Competency, Framework } from './models.js'

/** The permission to draft, publish and exchange frameworks. */
export const manageFrameworks = 'competencies:manage'

/** The frameworks in force, and for who keeps them the drafts and what is outdated, by name and version. */
export async function knownFrameworks(actor: Actor): Promise<Framework[]> {
  const all = may(actor, manageFrameworks)
  const found = await FrameworkModel.find(all ? {} : { status: 'published' })
    .sort({ slug: 1, version: -1 })
    .lean<Framework[]>()
  return found.filter((framework) => mayRead(actor, framework))
}

/** One of these, by its id; by its slug the version in force. Throws `NotFound`. */
export async function findFramework(actor: Actor, id: Id): Promise<Framework> {
  const found = await FrameworkModel.findOne({
    $or: [{ _id: id }, { slug: id, status: 'published' }],
  })
    .sort({ version: -1 })
    .lean<Framework>()
  if (!found || !mayRead(actor, found)) throw new NotFound()
  return found
}

/** A competency as lists and forms name it. */
export interface Named {
  readonly id: Id
  readonly title: string
  readonly framework: string
  /** Names of the levels, by level. */
  readonly scale: ReadonlyMap<number, string>
}

/** Competencies by id, those of an outdated version too: evidence outlives the framework it was given under. */
export async function competenciesNamed(
  ids: readonly Id[],
  language: string,
): Promise<Map<Id, Named>> {
  const slugs = [...new Set(ids.map(frameworkOf))]
  if (slugs.length === 0) return new Map()
  const wanted = new Set(ids)
  const found = await readNames({
    slug: { $in: slugs },
    status: { $in: ['published', 'outdated'] },
  })
  const named = found.flatMap((framework) => namesIn(framework, language))
  return new Map(named.filter(({ id }) => wanted.has(id)).map((one) => [one.id, one]))
}

/** Those of these competencies that are in force, with the levels of their scale. */
export async function competenciesInForce(
  ids: readonly Id[],
): Promise<Map<Id, { readonly levels: readonly number[] }>> {
  const slugs = [...new Set(ids.map(frameworkOf))]
  const found = await readNames({ slug: { $in: slugs }, status: 'published' })
  return new Map(
    found.flatMap(({ scale, competencies }) => {
      const levels = scale.map(({ level }) => level)
      return competencies.map(({ id }): [Id, { levels: number[] }] => [id, { levels }])
    }),
  )
}

/** Every competency in force, in the order of its framework: for the choices of forms. */
export async function competencyChoices(
  language: string,
): Promise<{ value: Id; label: string; group: string }[]> {
  const found = await readNames({ status: 'published' })
  return found.flatMap((framework) =>
    namesIn(framework, language).map(({ id, title, framework: group }) => ({
      value: id,
      label: title,
      group,
    })),
  )
}

/** The target profiles in force, by `<framework>:<profile>`. */
export async function profilesInForce(
  language: string,
): Promise<{ id: Id; label: string; framework: string; targets: Readonly<Record<Id, number>> }[]> {
  const found = await FrameworkModel.find(
    { status: 'published' },
    { slug: 1, title: 1, profiles: 1 },
  )
    .sort({ slug: 1 })
    .lean<Pick<Framework, 'slug' | 'title' | 'profiles'>[]>()
  return found.flatMap(({ slug, title, profiles }) =>
    profiles.map((profile) => ({
      id: `${slug}:${profile.id}`,
      label: `${textIn(profile.title, language)} (${textIn(title, language)})`,
      framework: slug,
      targets: profile.targets,
    })),
  )
}

/** `<framework>:<slug>` → `<framework>` */
export const frameworkOf = (competency: Id): string => competency.split(':')[0] ?? ''

/** A few frameworks, for the access test. */
export const someFrameworks = (): Promise<Framework[]> =>
  FrameworkModel.find().sort({ _id: 1 }).limit(4).lean<Framework[]>().exec()

type Names = Pick<Framework, 'slug' | 'title' | 'scale'> & {
  readonly competencies: readonly Pick<Competency, 'id' | 'title'>[]
}

const readNames = (filter: object): Promise<Names[]> =>
  FrameworkModel.find(filter, {
    slug: 1,
    title: 1,
    scale: 1,
    'competencies.id': 1,
    'competencies.title': 1,
  })
    .sort({ slug: 1, version: 1 })
    .lean<Names[]>()
    .exec()

function namesIn({ title, scale, competencies }: Names, language: string): Named[] {
  const steps = new Map(scale.map(({ level, name }) => [level, textIn(name, language)]))
  return competencies.map((competency) => ({
    id: competency.id,
    title: textIn(competency.title, language),
    framework: textIn(title, language),
    scale: steps,
  }))
}

const mayRead = (actor: Actor, { status, unit }: Framework): boolean =>
  status === 'published' || may(actor, manageFrameworks, { units: [unit] })
