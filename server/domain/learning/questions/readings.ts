import { fewestForDiscrimination, type QuestionFigures } from './statistics.js'

/**
 * What the figures of a question mean to its author.
 * `few`: too few have answered. `unjudged`: the content says of no answer whether it is right. `inverted`: those who know
 * the rest get it wrong. `easy`, `hard`: nearly everybody, or hardly anybody, gets it right. `well`, `fairly`, `hardly`:
 * how well it tells apart who knows and who does not. `alone`: there is nothing to compare it with.
 */
export const readings = [
  'few',
  'unjudged',
  'inverted',
  'easy',
  'hard',
  'well',
  'fairly',
  'hardly',
  'alone',
] as const
export type Reading = (typeof readings)[number]

const [tooEasy, tooHard] = [0.95, 0.1]
/** Ebel and Frisbie, Essentials of Educational Measurement: from 0.3 reasonably good, from 0.2 marginal. */
const [good, marginal] = [0.3, 0.2]

/** The reading that helps most: what is wrong before what is merely plain. */
export function readingOf({ judged, facility, discrimination }: Figures): Reading {
  if (facility === null) return 'unjudged'
  if (judged < fewestForDiscrimination) return 'few'
  if (discrimination !== null && discrimination < -chance(judged)) return 'inverted'
  if (facility >= tooEasy) return 'easy'
  if (facility <= tooHard) return 'hard'
  if (discrimination === null) return 'alone'
  if (discrimination >= good) return 'well'
  return discrimination >= marginal ? 'fairly' : 'hardly'
}

/** About the standard error of a correlation of none: what so few people would show without any cause. */
const chance = (people: number): number => 1 / Math.sqrt(people)

type Figures = Pick<QuestionFigures, 'judged' | 'facility' | 'discrimination'>
