import { expect } from 'chai'
import fc from 'fast-check'
import type { Answer } from '../../../server/domain/learning/contract.js'
import type { Attempt } from '../../../server/domain/learning/models.js'
import type { AnswerSheet, KeptAnswer } from '../../../server/domain/learning/questions/models.js'
import { readingOf } from '../../../server/domain/learning/questions/readings.js'
import { questionsIn, withAnswers } from '../../../server/domain/learning/questions/sheets.js'
import {
  addSheet,
  figuresIn,
  medianOf,
  type Gathering,
  type QuestionFigures,
} from '../../../server/domain/learning/questions/statistics.js'

type Sheet = readonly KeptAnswer[]

const names = ['a', 'b', 'c', 'd']
const answer: fc.Arbitrary<Omit<KeptAnswer, 'question'>> = fc.record(
  {
    parts: fc.subarray(['x', 'y', 'z']),
    share: fc.constantFrom(0, 0.25, 0.5, 1),
    seconds: fc.nat(500),
  },
  { requiredKeys: ['parts'] },
)
const sheet: fc.Arbitrary<Sheet> = fc
  .tuple(fc.subarray(names), fc.array(answer, { minLength: 4, maxLength: 4 }))
  .map(([asked, answers]) =>
    asked.map((question, at) => ({ question, ...(answers[at] ?? { parts: [] }) })),
  )
const sheets = fc.array(sheet, { maxLength: 30 })

function figuresOf(all: readonly Sheet[]): Map<string, QuestionFigures> {
  const gathering: Gathering = new Map()
  for (const one of all) addSheet(gathering, one)
  return new Map(figuresIn(gathering).map((one) => [one.question, one]))
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** The corrected item–total correlation as the books write it: two passes over all pairs. */
function asDefined(all: readonly Sheet[], question: string): number | null {
  const pairs = all.flatMap((one): [number, number][] => {
    const here = one.find((answered) => answered.question === question)?.share
    const rest = one.flatMap((answered) =>
      answered.question === question ? [] : (answered.share ?? []),
    )
    return here === undefined || rest.length === 0 ? [] : [[here, mean(rest)]]
  })
  if (pairs.length < 5) return null
  const [mx, my] = [mean(pairs.map(([x]) => x)), mean(pairs.map(([, y]) => y))]
  const sum = (of: (x: number, y: number) => number): number =>
    pairs.reduce((total, [x, y]) => total + of(x - mx, y - my), 0)
  const spread = Math.sqrt(sum((x) => x * x) * sum((_, y) => y * y))
  return spread < 1e-9 ? null : sum((x, y) => x * y) / spread
}

const right = (question: string, share: number): KeptAnswer => ({ question, parts: [], share })
/** So many people, each with a result in the rest of the test and what it brings them in one question. */
const people = (count: number, shareOf: (skill: number) => number): Sheet[] =>
  Array.from({ length: count }, (_, at) => {
    const skill = at / (count - 1)
    return [right('it', shareOf(skill)), right('rest', skill)]
  })

describe('the figures of a question', () => {
  it('say the discrimination that its definition gives', () => {
    fc.assert(
      fc.property(sheets, (all) => {
        const figures = figuresOf(all)
        for (const [question, { discrimination }] of figures) {
          const defined = asDefined(all, question)
          if (defined === null) expect(discrimination).to.equal(null)
          else expect(discrimination).to.be.closeTo(defined, 1e-9)
        }
      }),
    )
  })

  it('are the same in whatever order people come, and within their bounds', () => {
    fc.assert(
      fc.property(sheets, fc.infiniteStream(fc.nat()), (all, keys) => {
        const shuffled = all
          .map((one) => ({ one, key: keys.next().value as number }))
          .toSorted((a, b) => a.key - b.key)
          .map(({ one }) => one)
        const [figures, others] = [figuresOf(all), figuresOf(shuffled)]
        expect([...others.keys()]).to.have.members([...figures.keys()])
        for (const [question, one] of figures) {
          const other = others.get(question)
          expect(other?.facility ?? -1).to.be.closeTo(one.facility ?? -1, 1e-9)
          expect(other?.discrimination ?? -2).to.be.closeTo(one.discrimination ?? -2, 1e-9)
          expect([other?.answers, other?.judged, other?.seconds, other?.parts]).to.deep.equal([
            ...[one.answers, one.judged, one.seconds, one.parts],
          ])
          expect(one.facility ?? 0).to.be.within(0, 1)
          expect(one.discrimination ?? 0).to.be.within(-1, 1)
          expect(one.judged).to.be.at.most(one.answers)
        }
      }),
    )
  })

  it('count each part of each answer, those beyond the list as others', () => {
    const many = Array.from({ length: 300 }, (_, at) => [{ question: 'q', parts: [`word ${at}`] }])
    const figures = figuresOf([...many, [{ question: 'q', parts: ['word 7', 'word 8'] }]]).get('q')
    expect(figures?.parts).to.have.length(20)
    expect(figures?.parts.slice(0, 2)).to.deep.equal([
      { part: 'word 7', count: 2 },
      { part: 'word 8', count: 2 },
    ])
    const listed = figures?.parts.reduce((sum, { count }) => sum + count, 0) ?? 0
    expect(listed + (figures?.others ?? 0)).to.equal(302)
  })

  it('know the median, whatever was counted', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { minLength: 1 }), (values) => {
        const sorted = values.toSorted((a, b) => a - b)
        const at = (place: number): number => sorted[place] ?? NaN
        const middle =
          (at(Math.floor((values.length - 1) / 2)) + at(Math.floor(values.length / 2))) / 2
        const counts = new Map(
          values.map((value) => [value, values.filter((one) => one === value).length]),
        )
        expect(medianOf(counts)).to.equal(middle)
      }),
    )
    expect(medianOf(new Map())).to.equal(null)
  })

  it('leave discrimination out below five people, and where all did equally well', () => {
    const knows = (skill: number): number => (skill >= 0.5 ? 1 : 0)
    expect(figuresOf(people(4, knows)).get('it')?.discrimination).to.equal(null)
    expect(figuresOf(people(5, knows)).get('it')?.discrimination).to.be.greaterThan(0.8)
    expect(figuresOf(people(9, () => 1)).get('it')?.discrimination).to.equal(null)
  })

  it('are read in the words an author can act on', () => {
    const reading = (count: number, shareOf: (skill: number) => number) => {
      const figures = figuresOf(people(count, shareOf)).get('it')
      return figures && readingOf(figures)
    }
    expect(reading(4, () => 1)).to.equal('few')
    expect(reading(20, (skill) => (skill > 0.4 ? 1 : 0))).to.equal('well')
    expect(reading(20, (skill) => (skill > 0.4 ? 0 : 1))).to.equal('inverted')
    expect(reading(20, () => 1)).to.equal('easy')
    expect(reading(20, () => 0)).to.equal('hard')
    expect(reading(21, (skill) => (Math.round(skill * 20) % 2 === 0 ? 1 : 0))).to.equal('hardly')
    expect(readingOf({ judged: 0, facility: null, discrimination: null })).to.equal('unjudged')
    const slightly = { facility: 0.5, discrimination: -0.1 }
    expect(readingOf({ judged: 25, ...slightly })).to.equal('hardly')
    expect(readingOf({ judged: 400, ...slightly })).to.equal('inverted')
    const alone = figuresOf(Array.from({ length: 6 }, (_, at) => [right('it', at % 2)])).get('it')
    expect(alone && readingOf(alone)).to.equal('alone')
  })
})

const attemptOf = (number: number, cycle = 1): Attempt & { version: string } => ({
  ...{ _id: `attempt-${cycle}-${number}`, person: 'p', course: 'c', activity: 'a' },
  ...{ enrolment: 'p|c', cycle, number, version: 'v', status: 'open' },
  openedAt: new Date(0),
  revision: 0,
})
const given = (question: string, said: string, more: Partial<Answer> = {}): Answer => ({
  ...{ question, kind: 'choice', text: question, given: [said], right: [['a']] },
  ...more,
})
const write = (
  before: AnswerSheet | null,
  attempt: Attempt & { version: string },
  ...answers: Answer[]
): AnswerSheet => withAnswers(before, attempt, answers)

describe('a sheet of first answers', () => {
  it('keeps the first answer, and takes a result that comes after it', () => {
    const first = write(null, attemptOf(1), given('q', 'b'))
    const judged = write(first, attemptOf(1), given('q', 'b', { share: 0, seconds: 3 }))
    expect(judged.answers).to.deep.equal([{ question: 'q', parts: ['b'], share: 0, seconds: 3 }])
    const changed = write(judged, attemptOf(1), given('q', 'a', { share: 1 }), given('r', 'a'))
    expect(changed.answers.map(({ parts, share }) => [parts, share])).to.deep.equal([
      [['b'], 0],
      [['a'], undefined],
    ])
    expect(write(changed, attemptOf(1), given('q', 'a', { share: 1 }))).to.equal(changed)
  })

  it('is that of the first attempt, in whatever order two of them report', () => {
    const [first, second] = [attemptOf(1), attemptOf(2)]
    const right = given('q', 'a', { share: 1 })
    const wrong = given('q', 'b', { share: 0 })
    const usual = write(write(null, first, wrong), second, right)
    const late = write(write(null, second, right), first, wrong)
    for (const { attempt, answers } of [usual, late]) {
      expect([attempt, answers[0]?.share]).to.deep.equal([first._id, 0])
    }
    expect(write(usual, attemptOf(1, 2), right)).to.equal(usual)
  })

  it('keeps no longer text, and no more than it has room for', () => {
    const essay = write(
      null,
      attemptOf(1),
      given('essay', 'My own words', { kind: 'long-fill-in', share: 1 }),
      given('story', 'word '.repeat(60), { kind: 'fill-in' }),
    )
    expect(essay.answers.map(({ parts }) => parts)).to.deep.equal([[], []])
    const many = Array.from({ length: 2000 }, (_, at) => given(`q${at}`, 'x'.repeat(5000)))
    const full = write(null, attemptOf(1), ...many)
    expect(full.answers).to.have.length(500)
    expect(JSON.stringify(full).length).to.be.lessThan(120_000)
    expect(questionsIn('v', [given('q', 'a', { text: 'x'.repeat(9000) })])[0]?.text).to.have.length(
      500,
    )
  })
})
