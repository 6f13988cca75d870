import { expect } from 'chai'
import { readFileSync } from 'node:fs'
import { frameworkSource } from '../../../content/framework/schema.js'
import {
  courseEvaluationSource,
  observationSource,
  questionnaireSource,
} from '../../../content/instruments/schema.js'

const content = new URL('../../../content/', import.meta.url)

const read = (file: string): unknown => JSON.parse(readFileSync(new URL(file, content), 'utf8'))

const repeated = (values: readonly string[]) =>
  values.filter((value, index) => values.indexOf(value) !== index)

describe('the shipped instruments', () => {
  const framework = frameworkSource.parse(read('framework/managerial.json'))
  const questionnaire = questionnaireSource.parse(read('instruments/evaluation-360.json'))
  const observation = observationSource.parse(read('instruments/observation-sheet.json'))

  for (const instrument of [questionnaire, observation]) {
    describe(instrument.id, () => {
      it('has one form for each altitude of its framework', () => {
        expect(instrument.framework).to.equal(framework.id)
        const altitudes = framework.altitudes.map(({ id }) => id)
        expect(instrument.forms.map(({ altitude }) => altitude)).to.deep.equal(altitudes)
      })

      it('asks about every competency, with behaviours of that competency and altitude only', () => {
        for (const { altitude, sections } of instrument.forms) {
          expect(sections.map(({ competency }) => competency)).to.deep.equal(
            framework.competencies.map(({ id }) => id),
          )
          for (const { competency, items } of sections) {
            const source = framework.competencies.find(({ id }) => id === competency)
            const known = source?.behaviours[altitude].map(({ id }) => id)
            expect(known, `${altitude}, ${competency}`).to.include.members(items)
            expect(repeated(items)).to.deep.equal([])
          }
        }
      })

      it('rates from 1 to 5, or as not observed', () => {
        const values = instrument.ratingScale.map(({ value }) => value)
        expect(values).to.deep.equal([1, 2, 3, 4, 5, 'not-observed'])
      })

      it('asks each open question once', () => {
        expect(repeated(instrument.openQuestions.map(({ id }) => id))).to.deep.equal([])
      })
    })
  }

  it('keep the 360° form short enough to be answered, the observation sheet complete', () => {
    const itemsOf = (forms: readonly { sections: readonly { items: string[] }[] }[]) =>
      forms.map(({ sections }) => sections.flatMap(({ items }) => items).length)
    for (const count of itemsOf(questionnaire.forms)) expect(count).to.be.within(16, 32)
    const behaviours = framework.altitudes.map(
      ({ id }) => framework.competencies.flatMap((one) => one.behaviours[id]).length,
    )
    expect(itemsOf(observation.forms)).to.deep.equal(behaviours)
  })

  for (const respondent of ['participants', 'institution', 'speakers']) {
    describe(`course evaluation by ${respondent}`, () => {
      const sheet = courseEvaluationSource.parse(
        read(`instruments/course-evaluation/${respondent}.json`),
      )
      const questions = sheet.sections.flatMap((section) => section.questions)

      it('is addressed to them and asks each question once', () => {
        expect(sheet.respondent).to.equal(respondent)
        expect(repeated(questions.map(({ id }) => id))).to.deep.equal([])
      })

      it('mixes ratings with room for own words', () => {
        expect(questions.map(({ kind }) => kind)).to.include.members(['rating', 'text', 'choice'])
        const values = sheet.ratingScale.map(({ value }) => value)
        expect(values).to.deep.equal([1, 2, 3, 4, 5, 'not-applicable'])
      })
    })
  }
})
