import type { Events, Id } from '../../kernel/contract.js'
import type { NotificationKind } from '../notifications/contract.js'
import { notify } from '../notifications/notify.js'
import { competenciesNamed } from './frameworks.js'
import type { Texts } from './models.js'
import { languages } from '../../platform/i18n.js'
import { textIn } from './texts.js'

interface Told {
  readonly person: Id
  readonly title: Texts
  readonly from: number
  readonly to: number
}

/** A person's level has changed. */
export const levelChanged: NotificationKind<Told> = {
  id: 'competencies:level-changed',
  mail: 'digest',
  present: ({ person, title, from, to }, t, language) => ({
    title: t('competencies:told.title', { title: textIn(title, language), level: to }),
    body: t(to > from ? 'competencies:told.risen' : 'competencies:told.fallen', { level: from }),
    href: `/people/${encodeURIComponent(person)}/competencies`,
    icon: 'bar-chart-steps',
  }),
}

/** Tells whom a level belongs to that it changed, once per change. */
export async function tellLevelChanged(event: Events['competencies:level-changed']): Promise<void> {
  const { person, competency, from, to, change } = event
  const titles = await Promise.all(
    languages.map(async (language) => {
      const named = await competenciesNamed([competency], language)
      return [language, named.get(competency)?.title ?? competency]
    }),
  )
  const title = Object.fromEntries(titles) as unknown as Texts
  await notify(person, levelChanged, {
    data: { person, title, from, to },
    key: `${competency}:${change}`,
  })
}
