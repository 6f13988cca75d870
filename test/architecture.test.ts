import { expect } from 'chai'
import { rules } from './support/rules.js'
import { projectSources } from './support/sources.js'

describe('the architecture', () => {
  const sources = projectSources()

  for (const rule of rules) {
    it(`holds: ${rule.says}`, () => {
      expect(rule.broken(sources)).to.deep.equal([])
    })
  }
})
