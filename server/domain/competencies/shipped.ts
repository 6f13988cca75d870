import type { FrameworkSource } from '../../../content/framework/schema.js'
import type { Id } from '../../kernel/contract.js'
import type { Framework } from './models.js'

/** What a framework says, apart from which version it is and what has become of it. */
export type FrameworkContent = Pick<
  Framework,
  'title' | 'description' | 'scale' | 'competencies' | 'profiles'
>

/** The id of a version. */
export const idOf = (slug: string, version: number): Id => `${slug}@${version}`

/** A framework file as a framework: its competencies carry its name. */
export function contentOf(source: FrameworkSource): FrameworkContent {
  const { id: slug, title, description, scale, competencies, profiles } = source
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
