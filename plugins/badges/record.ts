import type { RecordSection } from '#plugins/records/contract'
import { awardLines } from './pages.js'

/** The badges of a person, in the training record. */
export const earnedBadges: RecordSection = {
  id: 'badges:earned',
  order: 40,
  load: async (person, { t, language, date }) => ({
    heading: t('badges:record.heading'),
    columns: ['badge', 'meaning', 'at'].map((name) => t(`badges:record.${name}`)),
    rows: (await awardLines(person, language)).map(({ title, description, at }) => [
      title,
      description,
      date(at),
    ]),
  }),
}
