import { expect } from 'chai'
import { locateManifest } from '../manifest/inspection.js'
import { inspectApart } from '../manifest/isolated.js'
import type { ReadManifest } from '../manifest/manifest.js'
import { ManifestProblem } from '../manifest/problems.js'
import { fixturePackages, fixturesAbsent, openArchive } from './support/archives.js'
import { refusedPackages } from './support/expectations.js'

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
    this.timeout(180_000)
    for (const { name, path } of packages) {
      const outcome = await inspectFile(path, { apart: false })
      expect(outcome, `${name} ${JSON.stringify(outcome)}`).to.have.property('manifest')
    }
  })
})

function answers(name: string, path: string): void {
  const expected = refusedPackages[name]
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
