import { expect } from 'chai'
import { readdirSync, readFileSync } from 'node:fs'
import { frameworkSource, type FrameworkSource } from '../../../content/framework/schema.js'

const folder = new URL('../../../content/framework/', import.meta.url)
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.replace('.json', ''))

const managerialCompetencies = [
  'customer-service',
  'change-management',
  'decision-making',
  'partnership-building',
  'diversity-management',
  'systemic-thinking',
  'effective-communication',
  'leadership-and-teamwork',
]

function raw(name: string): FrameworkSource {
  return JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as FrameworkSource
}

function allBehaviours(framework: FrameworkSource) {
  return framework.competencies.flatMap((competency) => Object.values(competency.behaviours).flat())
}

const repeated = (values: readonly string[]) =>
  values.filter((value, index) => values.indexOf(value) !== index)

describe('the shipped competency frameworks', () => {
  for (const name of names) {
    describe(name, () => {
      const framework = raw(name)

      it('have every text in three languages, five levels and 4 to 6 behaviours per altitude', () => {
        const { error } = frameworkSource.safeParse(framework)
        expect(error?.issues ?? []).to.deep.equal([])
      })

      it('are named after their file', () => {
        expect(framework.id).to.equal(name)
      })

      it('number the scale from 1 to 5 and describe each altitude once', () => {
        expect(framework.scale.levels.map(({ level }) => level)).to.deep.equal([1, 2, 3, 4, 5])
        expect(framework.altitudes.map(({ id }) => id)).to.deep.equal([
          'strategic',
          'tactical',
          'operational',
        ])
      })

      it('never use an id or a sentence twice', () => {
        const { competencies, profiles } = framework
        expect(repeated(competencies.map(({ id }) => id))).to.deep.equal([])
        expect(repeated(profiles.map(({ id }) => id))).to.deep.equal([])
        const behaviours = allBehaviours(framework)
        expect(repeated(behaviours.map(({ id }) => id))).to.deep.equal([])
        for (const language of ['en', 'fr', 'es'] as const)
          expect(repeated(behaviours.map(({ text }) => text[language]))).to.deep.equal([])
      })

      it('list behaviours from the lowest level to the highest', () => {
        for (const competency of framework.competencies)
          for (const [altitude, list] of Object.entries(competency.behaviours)) {
            const levels = list.map(({ level }) => level)
            const sorted = [...levels].sort((one, other) => one - other)
            expect(levels, `${competency.id}, ${altitude}`).to.deep.equal(sorted)
          }
      })

      it('set a target for every competency in every profile, and for nothing else', () => {
        const known = framework.competencies.map(({ id }) => id).sort()
        for (const { id, targets } of framework.profiles)
          expect(Object.keys(targets).sort(), id).to.deep.equal(known)
      })
    })
  }

  it('offer the eight managerial competencies and a dozen posts over the three altitudes', () => {
    const { competencies, profiles } = raw('managerial')
    expect(competencies.map(({ id }) => id)).to.deep.equal(managerialCompetencies)
    expect(profiles).to.have.length.of.at.least(12)
    expect(new Set(profiles.map(({ altitude }) => altitude)).size).to.equal(3)
    expect(profiles.map(({ id }) => id)).to.include.members([
      'regional-delegate',
      'benefits-department-head',
      'local-office-head',
      'counter-team-leader',
      'hospital-administrator',
    ])
  })

  it('offer a second, small one for digital skills at work', () => {
    expect(raw('digital').competencies.map(({ id }) => id)).to.deep.equal([
      'legal-and-ethical-use',
      'information',
      'collaboration',
      'processing',
    ])
  })

  it('would be refused with a language missing', () => {
    const framework = raw('managerial')
    const { en, fr } = framework.title
    expect(frameworkSource.safeParse({ ...framework, title: { en, fr } }).success).to.equal(false)
  })
})
