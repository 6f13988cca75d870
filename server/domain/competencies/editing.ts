import { randomUUID } from 'node:crypto'
import type { z } from 'zod'
import { Invalid } from '../../errors.js'
import type { Id } from '../../kernel/contract.js'
import {
  withBehaviour,
  withCompetency,
  withProfile,
  withoutBehaviour,
  withoutCompetency,
  withoutProfile,
  type FrameworkContent,
} from './content.js'
import { changeDraft, isScaleLocked } from './drafting.js'
import { descriptionsOf, titlesOf, type behaviourForm, type settingsForm } from './forms.js'
import type { Altitude, Competency, Framework, Texts } from './models.js'

/** Title, description and, while the scale is open, the names of its levels. */
export function settingsFrom(
  framework: Framework,
  form: z.infer<typeof settingsForm>,
): Partial<FrameworkContent> {
  const settings = { title: titlesOf(form), description: descriptionsOf(form) }
  const named = Object.keys(form).some((field) => field.startsWith('step'))
  if (isScaleLocked(framework) && !named) return settings
  const said: Readonly<Record<string, string | undefined>> = form
  const scale = framework.scale.map((step) => ({
    ...step,
    name: {
      en: said[`step${step.level}En`] ?? step.name.en,
      fr: said[`step${step.level}Fr`] ?? step.name.fr,
      es: said[`step${step.level}Es`] ?? step.name.es,
    },
  }))
  return { ...settings, scale }
}

/** Adds a competency or changes it. */
export async function putCompetency(
  framework: Framework,
  slug: string,
  words: Pick<Competency, 'title' | 'definition'>,
): Promise<{ competency: Id }> {
  const id = `${framework.slug}:${slug}`
  await changeDraft(framework, withCompetency(framework, { id, ...words }))
  return { competency: id }
}

/** Adds a behaviour or changes it. The form's hidden id names a new one, so that sent twice it is added once. */
export async function putBehaviour(
  framework: Framework,
  form: z.infer<typeof behaviourForm>,
): Promise<{ competency: Id }> {
  const { competency, altitude, level, behaviour, id = randomUUID() } = form
  refuseUnknown(framework, competency)
  const slug = competency.slice(competency.indexOf(':') + 1)
  const made = {
    id: behaviour ?? `${slug}-${altitude}-${id.slice(0, 8)}`,
    level,
    text: { en: form.textEn, fr: form.textFr, es: form.textEs },
  }
  await changeDraft(framework, withBehaviour(framework, { competency, altitude }, made))
  return { competency }
}

export interface GivenProfile {
  readonly slug: string
  readonly altitude: Altitude
  readonly title: Texts
  readonly targets: Readonly<Record<Id, number | undefined>>
}

/** Adds a target profile or changes it. A competency without a level is not required. */
export function putProfile(
  framework: Framework,
  { slug: id, altitude, title, targets }: GivenProfile,
): Promise<void> {
  const wanted = Object.entries(targets).filter(
    (target): target is [Id, number] => target[1] !== undefined,
  )
  for (const [competency] of wanted) refuseUnknown(framework, competency)
  const profile = { id, altitude, title, targets: Object.fromEntries(wanted) }
  return changeDraft(framework, withProfile(framework, profile))
}

/** Takes something out of a draft. */
export const take = {
  competency: (framework: Framework, id: Id): Promise<void> =>
    changeDraft(framework, withoutCompetency(framework, id)),
  behaviour: (
    framework: Framework,
    { behaviour, ...at }: { competency: Id; altitude: Altitude; behaviour: string },
  ): Promise<void> => changeDraft(framework, withoutBehaviour(framework, at, behaviour)),
  profile: (framework: Framework, id: string): Promise<void> =>
    changeDraft(framework, withoutProfile(framework, id)),
}

function refuseUnknown({ competencies }: Framework, wanted: Id): void {
  if (competencies.some(({ id }) => id === wanted)) return
  const code = 'competencies:no-such-competency'
  throw new Invalid(code, { errors: [{ path: 'competency', code }] })
}
