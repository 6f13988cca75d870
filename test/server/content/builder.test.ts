import { expect } from 'chai'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildModule } from '../../../content/builder/build.js'
import { checkModule } from '../../../content/builder/lint.js'
import { layOut } from '../../../content/builder/pack.js'
import { startModule } from '../../../content/builder/start.js'
import { modulePackage, shippedModules } from '../../../content/modules.js'
import { looksLikeScorm } from '../../../plugins/scorm/manifest/inspection.js'
import { parseManifest } from '../../../plugins/scorm/manifest/manifest.js'
import { linesIn, plant } from './planting.js'

describe('the course builder', () => {
  let folder: string
  let course: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'palier-course-'))
    course = join(folder, 'my-course')
    startModule(course, ['en', 'fr'])
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const findings = (): string[] =>
    checkModule(course).problems.map(
      ({ file, line, rule }) => `${file.slice(file.indexOf('my-course/') + 10)}:${line} ${rule}`,
    )

  it('starts a course that has no errors', () => {
    expect(checkModule(course).problems.filter(({ level }) => level === 'error')).to.deep.equal([])
  })

  it('starts nothing over a folder that exists, or under a name that is no id', () => {
    expect(() => startModule(course, ['en'])).to.throw('exists already')
    expect(() => startModule(join(folder, 'My Course'), ['en'])).to.throw('lower-case')
    expect(() => startModule(join(folder, 'other'), ['de'])).to.throw('languages are')
    expect(existsSync(join(folder, 'other'))).to.equal(false)
  })

  it('packs each language three ways, and the manifests are what our own reader plays', async () => {
    const { written } = await buildModule(course, join(folder, 'built'))
    expect(written.map(({ path }) => path.split('my-course-')[1])).to.have.members([
      'en-scorm12.zip',
      'en-scorm2004.zip',
      'en-web.zip',
      'fr-scorm12.zip',
      'fr-scorm2004.zip',
      'fr-web.zip',
    ])
    expect(existsSync(join(folder, 'built/my-course-en-web/index.html'))).to.equal(true)
    const compiled = checkModule(course).compiled.get('en')
    for (const [target, edition] of [
      ['scorm12', '1.2'],
      ['scorm2004', '2004-4th'],
    ] as const) {
      const files = compiled && (await layOut(compiled, target))
      const entries = [...(files ?? [])].map(([path, { length: size }]) => ({ path, size }))
      expect(looksLikeScorm(entries)).to.equal(true)
      const xml = files?.get('imsmanifest.xml')?.toString() ?? ''
      const { manifest, warnings } = parseManifest(xml, entries)
      expect(warnings).to.deep.equal([])
      expect(manifest.edition).to.equal(edition)
      expect(manifest.title).to.equal('My course')
      expect(manifest.items.map(({ launch }) => launch?.path)).to.deep.equal(['index.html'])
    }
  })

  it('makes the same bytes of the same sources', async () => {
    const [one, other] = ['one', 'other'].map((name) => join(folder, name))
    await buildModule(course, one ?? '')
    await buildModule(course, other ?? '')
    const bytes = (out = ''): Buffer => readFileSync(join(out, 'my-course-en-scorm12.zip'))
    expect(bytes(one).equals(bytes(other))).to.equal(true)
  })

  it('writes nothing when there is an error', async () => {
    plant(course, 'en/01-first-unit.md', ['(images/hall.svg "', '(images/gone.svg "'])
    const { written } = await buildModule(course, join(folder, 'built'))
    expect(written).to.deep.equal([])
    expect(existsSync(join(folder, 'built'))).to.equal(false)
  })

  describe('its linter', () => {
    const cases: [what: string, file: string, from: string, to: string, rule: string][] = [
      [
        'a picture without alternative text',
        'en/01-first-unit.md',
        '![Plan',
        '![](images/hall.svg)\n\n![Plan',
        'alt',
      ],
      [
        'a wrong answer without feedback',
        'en/01-first-unit.md',
        '  > Four counters without',
        '  Four counters without',
        'feedback',
      ],
      [
        'a link to a part that is not there',
        'en/01-first-unit.md',
        '(term:queue)',
        '(05-no-such-unit)',
        'link',
      ],
      [
        'a word that is not in the glossary',
        'en/01-first-unit.md',
        '(term:queue)',
        '(term:heap)',
        'link',
      ],
      [
        'a question without a right answer',
        'en/01-first-unit.md',
        '- [x] Go into',
        '- [ ] Go into',
        'question',
      ],
      [
        'a dead end in the case',
        'en/case.md',
        '-> #visit-tense {if team<50}\n-> #visit-calm',
        '',
        'dead-end',
      ],
      ['a decision that leads nowhere', 'en/case.md', '(#end-poor)', '(#end-gone)', 'link'],
      ['a block that nobody knows', 'en/01-first-unit.md', '::: key', '::: kee', 'block'],
      [
        'a hard sentence',
        'en/01-first-unit.md',
        'Say how long, say why',
        `${'and so on '.repeat(20)}say why`,
        'reading',
      ],
    ]
    for (const [what, file, from, to, rule] of cases) {
      it(`names file and line of ${what}`, () => {
        const before = findings()
        const line = plant(course, file, [from, to])
        const added = findings().filter((each) => !before.includes(each))
        const near = added.filter((each) => each.endsWith(` ${rule}`))
        expect(near, added.join('\n')).to.not.be.empty
        expect(
          near.some((each) => Math.abs(linesIn(each) - line) <= 12),
          near.join(),
        ).to.equal(true)
        expect(near[0]?.startsWith(`${file}:`)).to.equal(true)
      })
    }

    it('says where another language is behind', () => {
      plant(course, 'fr/01-first-unit.md', ['## A sheet for Monday morning {#sheet .tool}', ''])
      plant(course, 'en/01-first-unit.md', [
        '{#full-hall .situation}',
        '{#full-hall .situation rev=2}',
      ])
      const language = findings().filter((each) => each.endsWith(' language'))
      expect(language).to.include('fr/01-first-unit.md:9 language')
      expect(language.some((each) => each.startsWith('fr/01-first-unit.md:1 '))).to.equal(true)
    })

    it('names the line of a key that module.json does not know', () => {
      writeFileSync(join(course, 'module.json'), '{\n  "id": "my-course",\n  "colour": "red"\n}\n')
      expect(findings().every((each) => each.endsWith(' front-matter'))).to.equal(true)
    })
  })

  for (const module of shippedModules()) {
    it(`finds no error in ${module}, and packs each language in less than 1.5 MB`, async () => {
      const { problems, compiled, sources } = checkModule(join('content/modules', module))
      expect(problems.map(({ file, line, message }) => `${file}:${line} ${message}`)).to.deep.equal(
        [],
      )
      expect([...compiled.keys()]).to.deep.equal(sources?.meta.languages)
      for (const language of compiled.keys()) {
        expect((await modulePackage(module, language)).length).to.be.below(1.5 * 1024 * 1024)
      }
    })
  }
})
