import type { Answer, Question } from './course.js'

export const letters = 'abcdefghijklmnopqrstuvwxyz'

/** Share of the question that a response earns, 0 to 1. Responses are as `state.ts` keeps them. */
export function shareOf(question: Question, response: string): number {
  const { answers, kind } = question
  if (!response) return 0
  if (kind === 'order') return share(answers.length, (at) => response[at] === letters[at])
  if (kind === 'match') {
    const lefts = answers.filter(({ html }) => html)
    return share(lefts.length, (at) => {
      const chosen = answers[letters.indexOf(response[at] ?? '')]
      return chosen !== undefined && chosen.to === lefts[at]?.to
    })
  }
  if (kind === 'multiple') return shareOfMultiple(answers, response)
  const [given] = answersGiven(question, response)
  return (given?.worth ?? 0) / 100
}

const share = (total: number, isRight: (at: number) => boolean): number =>
  total === 0
    ? 0
    : Array.from({ length: total }, (_, at) => isRight(at)).filter(Boolean).length / total

function shareOfMultiple(answers: readonly Answer[], response: string): number {
  const chosen = answers.filter((_, at) => response.includes(letters[at] ?? ' '))
  const right = chosen.filter(({ worth }) => worth === 100).length
  const all = answers.filter(({ worth }) => worth === 100).length
  return Math.max(0, (right - (chosen.length - right)) / all)
}

/** The answers a response chose; for typed ones, the line that fits first. */
export function answersGiven({ kind, answers }: Question, response: string): readonly Answer[] {
  if (kind === 'fill-in') {
    const given = folded(response)
    const fits = answers.find(({ accepts = [] }) =>
      accepts.some((each) => each === '*' || folded(each) === given),
    )
    return fits ? [fits] : []
  }
  if (kind === 'numeric') {
    const value = numberOf(response)
    const fits = answers.find(({ accepts = [] }) => accepts.some((each) => within(value, each)))
    return fits ? [fits] : []
  }
  return [...response].flatMap((letter) => answers[letters.indexOf(letter)] ?? [])
}

const folded = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .replace(/’/g, "'")
    .toLowerCase()
    .replace(/[\s\u00A0]+/g, ' ')
    .trim()

/** The number somebody typed, with a point or a comma; NaN when it is none. */
export function numberOf(text: string): number {
  const plain = text.replace(/[\s\u00A0\u202F%]/g, '').replace(',', '.')
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : Number.NaN
}

function within(value: number, accepts: string): boolean {
  if (accepts === '*') return true
  const [least, most] = boundsOf(accepts)
  if (accepts.startsWith('<')) return value < most
  if (accepts.startsWith('>')) return value > least
  return value >= least && value <= most
}

/** `11..13`, `12`, `<11` and `>13` as least and most. */
export function boundsOf(accepts: string): readonly [number, number] {
  if (accepts.startsWith('<')) return [-Infinity, Number(accepts.slice(1))]
  if (accepts.startsWith('>')) return [Number(accepts.slice(1)), Infinity]
  const [least = '', most = least] = accepts.split('..')
  return [Number(least), Number(most)]
}

/** A stable mixing: the same seed gives the same order, so that nothing moves after a reload. */
export function mixed<Item>(items: readonly Item[], seed: string): Item[] {
  return items
    .map((item, at) => ({ item, rank: hash(`${seed}${at}`) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item)
}

function hash(text: string): number {
  let value = 2166136261
  for (const letter of text) value = Math.imul(value ^ letter.charCodeAt(0), 16777619)
  value = Math.imul(value ^ (value >>> 15), 2246822507)
  return (value ^ (value >>> 13)) >>> 0
}
