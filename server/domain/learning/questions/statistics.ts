import type { KeptAnswer } from './models.js'

/** Below so many, how an answer goes with the others is chance: no discrimination is given. */
export const fewestForDiscrimination = 5
/** Different answers to one question that are counted by themselves. */
const mostParts = 200
const partsShown = 20

/** What the first answers to a question say of it. */
export interface QuestionFigures {
  readonly question: string
  /** How many people answered. */
  readonly answers: number
  /** Of them, those whose answer the content judged. */
  readonly judged: number
  /** The facility index (item difficulty): the mean share that was right, 0 to 1. */
  readonly facility: number | null
  /**
   * The discrimination index, −1 to 1: the correlation between the result here and the mean result in the other
   * questions that the same people answered (the corrected item–total correlation; with right or wrong alone, the
   * corrected point-biserial). Null while too few have answered, and where all did equally well.
   */
  readonly discrimination: number | null
  /** Median of the seconds taken. */
  readonly seconds: number | null
  /** The most frequent answers, or parts of answers, and how many people gave each. */
  readonly parts: readonly { readonly part: string; readonly count: number }[]
  /** How often something else was given. */
  readonly others: number
}

/** Co-moments of pairs, kept as they come (Welford): whatever the order and the number, nothing is lost to rounding. */
interface Moments {
  pairs: number
  meanX: number
  meanY: number
  xx: number
  yy: number
  xy: number
}

interface Gathered {
  answers: number
  judged: number
  sum: number
  readonly moments: Moments
  readonly seconds: Map<number, number>
  readonly parts: Map<string, number>
  others: number
}

/** Figures under way, by question. */
export type Gathering = Map<string, Gathered>

/**
 * Adds what one person answered. As Moodle's quiz statistics ("facility index", "discrimination index"; Crocker and
 * Algina, Introduction to Classical and Modern Test Theory, 1986, ch. 14), except that the rest is the mean of what was
 * answered, not the sum: content asks not everybody everything, and an unfinished sheet is no worse than another.
 */
export function addSheet(gathering: Gathering, answers: readonly KeptAnswer[]): void {
  const shares = answers.flatMap(({ share }) => share ?? [])
  const total = shares.reduce((sum, share) => sum + share, 0)
  for (const { question, parts, share, seconds } of answers) {
    const here = gathering.get(question) ?? nothingYet()
    gathering.set(question, here)
    here.answers += 1
    for (const part of parts) countPart(here, part)
    if (seconds !== undefined) increase(here.seconds, Math.round(seconds))
    if (share === undefined) continue
    here.judged += 1
    here.sum += share
    const others = shares.length - 1
    if (others > 0) addPair(here.moments, share, (total - share) / others)
  }
}

/** The figures of all that was added. */
export const figuresIn = (gathering: Gathering): QuestionFigures[] =>
  [...gathering].map(([question, one]) => {
    const shown = [...one.parts].sort(byFrequency).slice(0, partsShown)
    const counted = [...one.parts.values()].reduce((sum, count) => sum + count, 0)
    const listed = shown.reduce((sum, [, count]) => sum + count, 0)
    return {
      question,
      answers: one.answers,
      judged: one.judged,
      facility: one.judged > 0 ? one.sum / one.judged : null,
      discrimination: correlation(one.moments),
      seconds: medianOf(one.seconds),
      parts: shown.map(([part, count]) => ({ part, count })),
      others: one.others + counted - listed,
    }
  })

/** The middle value of numbers that are counted; of two in the middle, between them. */
export function medianOf(counts: ReadonlyMap<number, number>): number | null {
  const sorted = [...counts].sort(([a], [b]) => a - b)
  const total = sorted.reduce((sum, [, count]) => sum + count, 0)
  if (total === 0) return null
  const at = (place: number): number => {
    let passed = 0
    return sorted.find(([, count]) => (passed += count) > place)?.[0] ?? 0
  }
  return (at(Math.floor((total - 1) / 2)) + at(Math.floor(total / 2))) / 2
}

const nothingYet = (): Gathered => ({
  answers: 0,
  judged: 0,
  sum: 0,
  moments: { pairs: 0, meanX: 0, meanY: 0, xx: 0, yy: 0, xy: 0 },
  seconds: new Map(),
  parts: new Map(),
  others: 0,
})

function countPart(here: Gathered, part: string): void {
  if (here.parts.has(part) || here.parts.size < mostParts) increase(here.parts, part)
  else here.others += 1
}

const increase = <K>(counts: Map<K, number>, key: K): unknown =>
  counts.set(key, (counts.get(key) ?? 0) + 1)

function addPair(moments: Moments, x: number, y: number): void {
  moments.pairs += 1
  const [beforeX, beforeY] = [x - moments.meanX, y - moments.meanY]
  moments.meanX += beforeX / moments.pairs
  moments.meanY += beforeY / moments.pairs
  moments.xx += beforeX * (x - moments.meanX)
  moments.yy += beforeY * (y - moments.meanY)
  moments.xy += beforeX * (y - moments.meanY)
}

/** Less than this is what rounding leaves of no difference at all. */
const noDifference = 1e-9

function correlation({ pairs, xx, yy, xy }: Moments): number | null {
  if (pairs < fewestForDiscrimination || xx < noDifference || yy < noDifference) return null
  return Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)))
}

const byFrequency = (
  [one, often]: readonly [string, number],
  [other, seldom]: readonly [string, number],
): number => seldom - often || one.localeCompare(other)
