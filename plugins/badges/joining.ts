import { onePer } from '#core'
import { AwardModel, ShowcaseModel, TallyModel } from './models.js'

/** A badge that both accounts earned was earned once, on the earlier day. */
export const joinAwards = onePer(AwardModel, {
  idFor: ({ badge }, person) => `${person}:${badge}`,
  both: (kept, lost) => (lost.at < kept.at ? { at: lost.at } : {}),
})

export const joinShowcases = onePer(ShowcaseModel)

export const joinTallies = onePer(TallyModel, {
  both: (kept, lost) => ({ courses: [...new Set([...kept.courses, ...lost.courses])] }),
})
