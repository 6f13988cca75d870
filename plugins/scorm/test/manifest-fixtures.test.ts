import { expect } from 'chai'
import { locateManifest } from '../manifest/inspection.js'
import { inspectApart } from '../manifest/isolated.js'
import type { ReadManifest } from '../manifest/manifest.js'
import { ManifestProblem } from '../manifest/problems.js'
import { fixturePackages, fixturesAbsent, openArchive } from './support/archives.js'

/** What each foreign package is answered; those not named are accepted. */
const refused: Readonly<Record<string, readonly [string, string?]>> = {
  badscorm: ['scorm:manifest-not-at-root', 'badscorm/'],
  invalid: ['scorm:manifest-missing', 'test.htm'],
  validaicc: ['scorm:package-aicc'],
  complex: ['scorm:package-aicc'],
  package: ['scorm:package-aicc'],
  MalformedXml_SCORM12: ['scorm:manifest-malformed', 'line'],
  InvalidFileReferences_SCORM12: ['scorm:manifest-resource-missing', 'content/nonexistent.html'],
  MissingLaunchUrl_SCORM12: ['scorm:manifest-no-launch', 'item_1'],
  InvalidMissingOrgIdentifier_SCORM20043rdEdition: ['scorm:manifest-organization-unnamed', 'org1'],
  MinimalValid_SCORM20043rdEdition: ['scorm:manifest-resource-missing', 'index.html'],
  'm01-missing': ['scorm:manifest-missing', 'index.html'],
  'm02-not-at-root': ['scorm:manifest-not-at-root', 'Mon cours/'],
  'm06-latin1-undeclared': ['scorm:manifest-encoding', 'offset'],
  'm10-xxe-file': ['scorm:manifest-dtd'],
  'm11-xxe-http': ['scorm:manifest-dtd'],
  'm12-billion-laughs': ['scorm:manifest-dtd'],
  'm13-ten-megabytes': ['scorm:manifest-too-big'],
  'm14-deep-nesting-10k': ['scorm:manifest-too-deep'],
  'm15-resource-file-missing': ['scorm:manifest-resource-missing', 'absent.html'],
  'm16-dangling-identifierref': ['scorm:manifest-ref-dangling', 'NOPE'],
  'm19-javascript-href': ['scorm:manifest-href-unsafe', 'javascript:'],
  'm20-external-href': ['scorm:manifest-href-unsafe'],
  'm21-href-traversal': ['scorm:manifest-href-unsafe'],
  'm22-duplicate-identifiers': ['scorm:manifest-duplicate-id', 'I1'],
  'm23-no-organization': ['scorm:manifest-no-organization'],
  'm24-not-well-formed': ['scorm:manifest-malformed', 'column'],
  'm25-html-instead': ['scorm:manifest-not-scorm'],
  'm31-empty': ['scorm:manifest-malformed'],
}

const titles: Readonly<Record<string, string>> = {
  'm03-utf16le-bom': 'Évaluation',
  'm04-latin1-declared': 'Évaluation été',
  'm05-utf8-bom': 'Évaluation',
  'm18-script-in-titles': '<script>window.__pwn=1</script>',
}

const folders = ['scorm/golf', 'scorm/moodle', 'scorm/negative', 'scorm/aicc', 'hostile/manifest']

describe('packages made by others', () => {
  for (const folder of folders) {
    describe(folder, () => {
      const packages = fixturePackages(folder)
      if (packages.length === 0) return it.skip(fixturesAbsent(folder))
      for (const { name, path } of packages) answers(name, path)
    })
  }

  it('takes all of ADL’s 2004 packages', async function () {
    const packages = fixturePackages('scorm/adl-2004-4th')
    if (packages.length === 0) return this.skip()
    this.timeout(20_000)
    for (const { name, path } of packages) {
      const outcome = await inspectFile(path, { apart: false })
      expect(outcome, `${name} ${JSON.stringify(outcome)}`).to.have.property('manifest')
    }
  })
})

function answers(name: string, path: string): void {
  const expected = refused[name]
  const title = expected ? `refuses ${name} with ${expected[0]}` : `takes ${name}`
  it(title, async () => {
    const outcome = await inspectFile(path, { apart: true })
    if (expected) return expectRefusal(outcome, expected)
    expect(outcome, JSON.stringify(outcome)).to.have.property('manifest')
    const { manifest } = outcome as ReadManifest
    expect(manifest.items.some(({ launch }) => launch)).to.equal(true)
    if (titles[name]) expect(manifest.title).to.equal(titles[name])
    expect(JSON.stringify(manifest)).not.to.match(/NaN|root:|\uFFFD/)
  })
}

function expectRefusal(outcome: object, [code, named]: readonly [string, string?]): void {
  expect(outcome).to.be.instanceOf(ManifestProblem)
  const problem = outcome as ManifestProblem
  expect(problem.code).to.equal(code)
  if (named) expect(JSON.stringify(problem.values)).to.include(named)
}

async function inspectFile(
  path: string,
  { apart }: { apart: boolean },
): Promise<ReadManifest | ManifestProblem> {
  const archive = await openArchive(path)
  try {
    const { path: name } = locateManifest(archive.entries)
    const bytes = await archive.read(name)
    if (apart) return await inspectApart(bytes, archive.entries)
    const { inspectManifest } = await import('../manifest/inspection.js')
    return inspectManifest(bytes, archive.entries)
  } catch (error) {
    if (error instanceof ManifestProblem) return error
    throw error
  }
}
