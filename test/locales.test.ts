import { expect } from 'chai'
import { IntlMessageFormat } from 'intl-messageformat'
import { loadConfig } from '../server/config.js'
import { loadFeatures } from '../server/load.js'
import { bareTexts, catalogue, languages, missingKeys } from './support/catalogues.js'
import { projectSources } from './support/sources.js'

describe('the texts', () => {
  const english = catalogue('en')

  for (const language of languages.filter((other) => other !== 'en')) {
    it(`are all there in ${language}, and none too many`, () => {
      const keys = [...catalogue(language).keys()].sort()
      expect(keys).to.deep.equal([...english.keys()].sort())
    })
  }

  for (const language of languages) {
    it(`can be formatted in ${language}, with the same values as in English`, () => {
      const wrong = [...catalogue(language)].flatMap(([key, text]) => {
        const values = argumentsOf(text, language)
        const expected = argumentsOf(english.get(key) ?? '', 'en')
        return values === expected ? [] : [`${key}: ${values} instead of ${expected}`]
      })
      expect(wrong).to.deep.equal([])
    })
  }

  it('are in the catalogues wherever code or a view names them', () => {
    expect(missingKeys(projectSources(), english)).to.deep.equal([])
  })

  it('say of every permission, in words, what it lets its holder do, and of what feature', async () => {
    const features = await loadFeatures(loadConfig())
    const permissions = features.flatMap(({ plugin }) => plugin.contributes?.permissions ?? [])
    expect(permissions.length).to.be.above(20)
    const wanted = permissions.flatMap(({ id }) => {
      const [owner = '', verb = ''] = id.split(':')
      return [`${owner}:feature`, `${owner}:permissions.${verb}`]
    })
    const needed = [...wanted, 'core:feature', 'core:permissions.administer']
    expect(needed.filter((key) => !english.has(key))).to.deep.equal([])
  })

  it('stand nowhere else than in the catalogues', () => {
    expect(bareTexts(projectSources())).to.deep.equal([])
  })
})

function argumentsOf(text: string, language: string): string {
  try {
    const names = new Set<string>()
    collect(new IntlMessageFormat(text, language).getAst(), names)
    return [...names].sort().join(' ')
  } catch (error) {
    return `unreadable (${String(error)})`
  }
}

interface Piece {
  readonly type: number
  readonly value?: string
  readonly options?: Readonly<Record<string, { value: Piece[] }>>
  readonly children?: Piece[]
}

function collect(pieces: unknown, names: Set<string>): void {
  for (const piece of pieces as Piece[]) {
    if (piece.type >= 1 && piece.type <= 6 && piece.value) names.add(piece.value)
    for (const option of Object.values(piece.options ?? {})) collect(option.value, names)
    if (piece.children) collect(piece.children, names)
  }
}
