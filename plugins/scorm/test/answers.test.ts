import { expect } from 'chai'
import fc from 'fast-check'
import type { Answer } from '#core'
import type { Standard } from '../contract.js'
import { answersIn, hasAnswers } from '../runtime/answers.js'
import { checkElements, serialise } from '../runtime/elements.js'
import { noResult } from '../runtime/results.js'
import { at, buildItem, buildRuntime } from './support/runtimes.js'

type Interaction = Readonly<Record<string, unknown>>

const patterns = (...all: string[]) => ({
  correct_responses: all.map((pattern) => ({ pattern })),
})

/** The answers of a runtime in which content said these interactions. */
function answers(standard: Standard, ...interactions: Interaction[]): Answer[] {
  return answersIn(buildRuntime({ standard, scos: { 0: sco(standard, interactions) } }), [
    buildItem(),
  ])
}

function sco(standard: Standard, interactions: readonly Interaction[]) {
  const { values, problems } = checkElements(standard, { interactions })
  expect(problems).to.deep.equal([])
  return { cmi: serialise(values), final: false, result: noResult, savedAt: at(0) }
}

/** What was given and what is right, of one interaction. */
const read = (standard: Standard, type: string, response: string, ...right: string[]) => {
  const field = standard === '1.2' ? 'student_response' : 'learner_response'
  const [one] = answers(standard, { id: 'q', type, [field]: response, ...patterns(...right) })
  return [one?.given, one?.right]
}
const shares = (standard: Standard, ...results: readonly Interaction[]): (number | undefined)[] =>
  answers(standard, ...results.map((one, n) => ({ id: `q${n}`, type: 'choice', ...one }))).map(
    ({ share }) => share,
  )

describe('answers in interactions', () => {
  it('are read in both standards’ notations, kind by kind', () => {
    expect(read('1.2', 'choice', '{a,c}', 'a,c')).to.deep.equal([['a', 'c'], [['a', 'c']]])
    expect(read('1.2', 'choice', 'a[,]c')).to.deep.equal([['a', 'c'], []])
    expect(read('2004', 'choice', 'a[,]c', 'a', 'b')).to.deep.equal([
      ['a', 'c'],
      [['a'], ['b']],
    ])
    expect(read('2004', 'choice', 'urn:scormdriver:Yes%20please')[0]).to.deep.equal(['Yes please'])
    expect(read('2004', 'choice', '100%_sure')[0]).to.deep.equal(['100% sure'])
    expect(read('1.2', 'true-false', 't', 'false')).to.deep.equal([['true'], [['false']]])
    expect(read('1.2', 'matching', '1.a,2.b')[0]).to.deep.equal(['1 → a', '2 → b'])
    expect(read('2004', 'matching', 'north[.]up[,]south[.]down')[0]).to.deep.equal([
      'north → up',
      'south → down',
    ])
    expect(read('2004', 'sequencing', 'b[,]a')[0]).to.deep.equal(['b', 'a'])
    expect(read('2004', 'numeric', '7', '5[:]9')).to.deep.equal([['7'], [['5 – 9']]])
    expect(read('2004', 'numeric', '7', '[:]9', '5[:]', '3[:]3')[1]).to.deep.equal([
      ['≤ 9'],
      ['≥ 5'],
      ['3'],
    ])
    expect(read('2004', 'likert', 'strongly_agree')[0]).to.deep.equal(['strongly agree'])
    expect(
      read('2004', 'fill-in', '{lang=fr}Paris', '{case_matters=false}{lang=fr}Paris'),
    ).to.deep.equal([['Paris'], [['Paris']]])
  })

  it('are right by the words and the numbers of both standards', () => {
    expect(shares('1.2', { result: 'wrong' }, { result: 'correct' })).to.deep.equal([0, 1])
    expect(shares('2004', { result: 'incorrect' }, { result: 'correct' })).to.deep.equal([0, 1])
    const neither = [{ result: 'neutral' }, { result: 'unanticipated' }]
    expect(shares('2004', ...neither)).to.deep.equal([undefined, undefined])
    const numbers = [
      { result: '0.25' },
      { result: '5', weighting: '10' },
      { result: '50', weighting: '10' },
      { result: '7' },
      { result: '-3', weighting: '10' },
    ]
    expect(shares('2004', ...numbers)).to.deep.equal([0.25, 0.5, 1, 1, 0])
  })

  it('are worded by the content, else by its name for the question', () => {
    const [told, named, dotted] = answers(
      '2004',
      { id: 'q1', type: 'choice', description: 'Where is north?', learner_response: 'up' },
      {
        id: 'urn:tool:Scene1_Question_2',
        type: 'choice',
        learner_response: 'b',
        latency: 'PT1M2S',
      },
      { id: 'test.t-days_1.2', type: 'choice', learner_response: 'b' },
    )
    expect([told?.text, named?.text, dotted?.text]).to.deep.equal([
      'Where is north?',
      'Scene1 Question 2',
      'test t days 1.2',
    ])
    expect([told?.seconds, named?.seconds]).to.deep.equal([undefined, 62])
  })

  it('are the first of each question, and only where something was answered', () => {
    const found = answers(
      '1.2',
      { id: 'q', type: 'choice', student_response: 'b', result: 'wrong' },
      { type: 'choice', student_response: 'a', result: 'correct' },
      { id: '', student_response: 'a' },
      { id: 'put', type: 'choice', time: '10:00:00' },
      { id: 'q', type: 'choice', student_response: 'a', result: 'correct' },
      { id: 'untold', student_response: 'words' },
    )
    expect(found.map(({ question, kind, share }) => [question, kind, share])).to.deep.equal([
      ['q', 'choice', 0],
      ['untold', 'other', undefined],
    ])
  })

  it('are told apart where two parts of a package use one name', () => {
    const one = sco('1.2', [{ id: 'q1', type: 'choice', student_response: 'a' }])
    const items = [buildItem({ title: 'First' }), buildItem({ title: 'Second' })]
    const found = answersIn(buildRuntime({ scos: { 0: one, 1: one } }), items)
    expect(found.map(({ question, text, part }) => [question, text, part])).to.deep.equal([
      ['0.q1', 'q1', 'First'],
      ['1.q1', 'q1', 'Second'],
    ])
  })

  it('are found in whatever content says, without falling over it', () => {
    const word = fc.oneof(
      fc.string(),
      fc.constantFrom('[,]', '[.]', '{a}', '%', 'urn:', '{lang=x}'),
    )
    const said = fc.array(word, { maxLength: 6 }).map((words) => words.join(''))
    const kinds = ['choice', 'matching', 'sequencing', 'numeric', 'fill-in', 'true-false', 'likert']
    fc.assert(
      fc.property(fc.constantFrom(...kinds), said, said, (type, id, response) => {
        for (const standard of ['1.2', '2004'] as const) {
          const field = standard === '1.2' ? 'student_response' : 'learner_response'
          const found = answers(standard, { id, type, [field]: response })
          for (const { question, text, given } of found) {
            expect(question).to.equal(id.trim())
            expect(text).not.to.equal('')
            expect(given.every((part) => typeof part === 'string')).to.equal(true)
          }
        }
      }),
    )
  })

  it('are owed only by a commit that speaks of them', () => {
    expect(hasAnswers(new Map([['interactions.0.id', 'q']]))).to.equal(true)
    expect(hasAnswers(new Map([['core.lesson_status', 'completed']]))).to.equal(false)
  })
})
