import type { FrameworkSource } from '../../../content/framework/schema.js'
import type { FieldError } from '../../errors.js'
import type { Id } from '../../kernel/contract.js'
import { altitudes, type Altitude, type Behaviour } from './models.js'
import type { Competency, Framework, Profile } from './models.js'

/** What a framework says, apart from which version it is and what has become of it. All here is pure. */
export type FrameworkContent = Pick<
  Framework,
  'title' | 'description' | 'scale' | 'competencies' | 'profiles'
>

/** The id of a version. */
export const idOf = (slug: string, version: number): Id => `${slug}@${version}`

/** How many levels a scale has. */
export const scaleSize = 5

/** A framework file as a framework: its competencies carry its name. */
export function contentOf(source: FrameworkSource, slug: string = source.id): FrameworkContent {
  const { title, description, scale, competencies, profiles } = source
  return {
    title,
    description,
    scale: scale.levels,
    competencies: competencies.map((competency) => ({
      ...competency,
      id: `${slug}:${competency.id}`,
    })),
    profiles: profiles.map(({ id, altitude, title: name, targets }) => ({
      id,
      altitude,
      title: name,
      targets: Object.fromEntries(
        Object.entries(targets).map(([competency, level]) => [`${slug}:${competency}`, level]),
      ),
    })),
  }
}

/** With a competency in its place, or as the last one; its behaviours stay. */
export function withCompetency(
  { competencies }: FrameworkContent,
  { id, title, definition }: Omit<Competency, 'behaviours'>,
): Pick<FrameworkContent, 'competencies'> {
  const before = competencies.find((competency) => competency.id === id)
  const behaviours = before?.behaviours ?? { strategic: [], tactical: [], operational: [] }
  return { competencies: placed(competencies, { id, title, definition, behaviours }) }
}

/** Without a competency, and without the targets that named it. */
export const withoutCompetency = (
  { competencies, profiles }: FrameworkContent,
  id: Id,
): Pick<FrameworkContent, 'competencies' | 'profiles'> => ({
  competencies: competencies.filter((competency) => competency.id !== id),
  profiles: profiles.map(({ targets, ...profile }) => ({
    ...profile,
    targets: Object.fromEntries(Object.entries(targets).filter(([target]) => target !== id)),
  })),
})

interface At {
  readonly competency: Id
  readonly altitude: Altitude
}

/** With a behaviour at an altitude, in the order of levels. */
export const withBehaviour = (
  content: FrameworkContent,
  at: At,
  behaviour: Behaviour,
): Pick<FrameworkContent, 'competencies'> =>
  changedAt(content, at, (there) => placed(there, behaviour).sort((a, b) => a.level - b.level))

/** Without a behaviour. */
export const withoutBehaviour = (
  content: FrameworkContent,
  at: At,
  id: string,
): Pick<FrameworkContent, 'competencies'> =>
  changedAt(content, at, (there) => there.filter((behaviour) => behaviour.id !== id))

/** With a profile in its place, or as the last one. */
export const withProfile = (
  { profiles }: FrameworkContent,
  profile: Profile,
): Pick<FrameworkContent, 'profiles'> => ({ profiles: placed(profiles, profile) })

/** Without a profile; posts that were given its targets keep them. */
export const withoutProfile = (
  { profiles }: FrameworkContent,
  id: string,
): Pick<FrameworkContent, 'profiles'> => ({
  profiles: profiles.filter((profile) => profile.id !== id),
})

/** What must be mended before a framework can be published. */
export function problemsOf({ scale, competencies, profiles }: FrameworkContent): FieldError[] {
  const known = new Set(competencies.map(({ id }) => id))
  const levels = scale.map(({ level }) => level)
  const wholeScale = Array.from({ length: scaleSize }, (_, at) => at + 1)
  return [
    ...(competencies.length === 0 ? [problem('no-competencies')] : []),
    ...(levels.join() === wholeScale.join() ? [] : [problem('scale-incomplete')]),
    ...competencies.flatMap(({ title, behaviours }) =>
      altitudes
        .filter((altitude) => behaviours[altitude].length === 0)
        .map(() => problem('no-behaviours', title.en)),
    ),
    ...profiles.flatMap(({ title, targets }) =>
      Object.entries(targets)
        .filter(([id, level]) => !known.has(id) || !levels.includes(level))
        .map(() => problem('wrong-target', title.en)),
    ),
  ]
}

const problem = (name: string, title?: string): FieldError => ({
  path: name,
  code: `competencies:${name}`,
  ...(title !== undefined && { values: { title } }),
})

function changedAt(
  { competencies }: FrameworkContent,
  { competency: wanted, altitude }: At,
  change: (there: readonly Behaviour[]) => Behaviour[],
): Pick<FrameworkContent, 'competencies'> {
  return {
    competencies: competencies.map((competency) =>
      competency.id === wanted
        ? {
            ...competency,
            behaviours: {
              ...competency.behaviours,
              [altitude]: change(competency.behaviours[altitude]),
            },
          }
        : competency,
    ),
  }
}

function placed<T extends { readonly id: string }>(all: readonly T[], one: T): T[] {
  const known = all.some(({ id }) => id === one.id)
  return known ? all.map((other) => (other.id === one.id ? one : other)) : [...all, one]
}
