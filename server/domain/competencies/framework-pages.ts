import type { z } from 'zod'
import type { Actor } from '../../kernel/contract.js'
import type { Translate } from '../../platform/i18n.js'
import { may } from '../people/access.js'
import { problemsOf } from './content.js'
import { isScaleLocked } from './drafting.js'
import type {
  competencyEditShown,
  draftShown,
  frameworkShown,
  frameworksShown,
  profileEditShown,
} from './framework-shown.js'
import { manageFrameworks } from './frameworks.js'
import { altitudes, type Behaviour, type Competency, type Framework } from './models.js'
import { textIn } from './texts.js'

type Line = z.input<typeof frameworksShown>['frameworks'][number]

/** A framework as lists show one. */
export const frameworkLine = (framework: Framework, language: string): Line => ({
  id: framework._id,
  slug: framework.slug,
  version: framework.version,
  status: framework.status,
  title: textIn(framework.title, language),
  description: textIn(framework.description, language),
  competencies: framework.competencies.map(({ id, title }) => ({
    id,
    title: textIn(title, language),
  })),
})

/** A framework's page. */
export function frameworkPage(
  actor: Actor,
  framework: Framework,
  language: string,
): z.input<typeof frameworkShown> {
  const { scale, competencies, profiles, publishedAt, unit } = framework
  return {
    ...frameworkLine(framework, language),
    publishedAt: publishedAt?.toISOString() ?? null,
    manages: may(actor, manageFrameworks, { units: [unit] }),
    scale: scale.map(({ level, name, description }) => ({
      level,
      name: textIn(name, language),
      description: textIn(description, language),
    })),
    competencies: competencies.map(({ id, title, definition, behaviours }) => ({
      id,
      title: textIn(title, language),
      definition: textIn(definition, language),
      behaviours: eachAltitude(behaviours, ({ text, ...behaviour }) => ({
        ...behaviour,
        text: textIn(text, language),
      })),
    })),
    profiles: profiles.map(({ id, altitude, title, targets }) => ({
      id,
      altitude,
      title: textIn(title, language),
      targets: { ...targets },
    })),
  }
}

/** A draft in all its languages, and what it still lacks. */
export function draftPage(framework: Framework, t: Translate): z.input<typeof draftShown> {
  const { _id: id, slug, version, status, title, description } = framework
  return {
    id,
    slug,
    version,
    status,
    title,
    description,
    scaleLocked: isScaleLocked(framework),
    scale: framework.scale.map(({ level, name }) => ({ level, name })),
    competencies: framework.competencies.map(competencyDraft),
    profiles: framework.profiles.map((profile) => ({
      ...profile,
      targets: { ...profile.targets },
    })),
    missing: problemsOf(framework).map(({ code, values }) =>
      t(code.replace(':', ':errors.'), values),
    ),
  }
}

/** A competency of a draft to change, or none to add one, and one of its behaviours. */
export function competencyEditPage(
  framework: Framework,
  wanted: { readonly competency?: string | undefined; readonly behaviour?: string | undefined },
  language: string,
): z.input<typeof competencyEditShown> {
  const competency = framework.competencies.find(({ id }) => id === wanted.competency)
  const behaviours = altitudes.flatMap((altitude) =>
    (competency?.behaviours[altitude] ?? []).map((one) => ({ ...one, altitude })),
  )
  return {
    framework: namedIn(framework, language),
    competency: competency ? competencyDraft(competency) : null,
    behaviour: behaviours.find(({ id }) => id === wanted.behaviour) ?? null,
  }
}

/** A profile of a draft to change, or none to add one. */
export function profileEditPage(
  framework: Framework,
  wanted: string | undefined,
  language: string,
): z.input<typeof profileEditShown> {
  const profile = framework.profiles.find(({ id }) => id === wanted)
  return {
    framework: namedIn(framework, language),
    competencies: frameworkLine(framework, language).competencies,
    profile: profile ? { ...profile, targets: { ...profile.targets } } : null,
  }
}

const namedIn = ({ _id, title }: Framework, language: string) => ({
  id: _id,
  title: textIn(title, language),
})

const competencyDraft = ({ id, title, definition, behaviours }: Competency) => ({
  id,
  slug: id.slice(id.indexOf(':') + 1),
  title,
  definition,
  behaviours: eachAltitude(behaviours, (behaviour) => behaviour),
})

function eachAltitude<T>(
  behaviours: Competency['behaviours'],
  show: (behaviour: Behaviour) => T,
): Record<(typeof altitudes)[number], T[]> {
  return {
    strategic: behaviours.strategic.map(show),
    tactical: behaviours.tactical.map(show),
    operational: behaviours.operational.map(show),
  }
}
