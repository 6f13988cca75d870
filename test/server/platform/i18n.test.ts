import { expect } from 'chai'
import { bestLanguage, hasKey, loadCatalogues, translator } from '../../../server/platform/i18n.js'
import { foldedWords, wordFilter, wordsOf } from '../../../server/platform/words.js'

describe('the catalogues', () => {
  before(() => loadCatalogues())

  it('say a text in each language, with its values', () => {
    const said = ['en', 'fr', 'es'].map((language) =>
      translator(language)('core:pager.total', { total: 2 }),
    )
    expect(new Set(said).size).to.equal(3)
    for (const text of said) expect(text).to.include('2')
  })

  it('know which texts there are', () => {
    expect(hasKey('core:pager.total')).to.equal(true)
    expect(hasKey('core:pager.absent')).to.equal(false)
    expect(hasKey('absent:pager.total')).to.equal(false)
  })

  it('choose the language that a browser prefers', () => {
    expect(bestLanguage('de, fr;q=0.8, es;q=0.9')).to.equal('es')
    expect(bestLanguage('fr-CA')).to.equal('fr')
    expect(bestLanguage('de')).to.equal('en')
    expect(bestLanguage(undefined)).to.equal('en')
  })
})

describe('searched words', () => {
  it('are folded, without accents and plurals', () => {
    expect(foldedWords('Œuvres sociaux, FORMACIÓN n°3')).to.deep.equal([
      'oeuvre',
      'social',
      'formacion',
      'n',
      '3',
    ])
  })

  it('are kept once each', () => {
    expect(wordsOf('Course', 'courses', null, undefined)).to.deep.equal(['course'])
  })

  it('must all begin a word', () => {
    expect(wordFilter('serv pub')).to.deep.equal({
      $and: [{ words: { $regex: '^serv' } }, { words: { $regex: '^pub' } }],
    })
    expect(wordFilter('.*')).to.deep.equal({})
  })
})
