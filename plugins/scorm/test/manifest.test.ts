import { expect } from 'chai'
import type { ScormManifest } from '../contract.js'
import { decodeManifest } from '../manifest/encoding.js'
import { parseManifest, type ReadManifest } from '../manifest/manifest.js'
import { ManifestProblem } from '../manifest/problems.js'

const namespaces = {
  '1.2': `xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
    xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2"`,
  '2004': `xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"
    xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3" xmlns:imsss="http://www.imsglobal.org/xsd/imsss"`,
}

describe('reading a manifest', () => {
  it('resolves bases, queries, parameters and percent-encoding to one address', () => {
    const { manifest } = read({
      items: `<item identifier="I" identifierref="R" parameters="?page=2"><title>A</title></item>`,
      resources: `<resource identifier="R" type="webcontent" adlcp:scormtype="sco"
        xml:base="my%20course/" href="start.html?lang=fr#top"/>`,
      files: ['my course/start.html'],
    })
    expect(manifest.items[0]?.launch).to.deep.equal({
      path: 'my course/start.html',
      suffix: '?lang=fr&page=2#top',
    })
  })

  it('finds files whatever slashes and case an old Windows zipper gave them, and says so', () => {
    const { manifest, warnings } = read({ files: ['Pages\\INDEX.htm'], href: 'pages/index.htm' })
    expect(manifest.items[0]?.launch?.path).to.equal('Pages/INDEX.htm')
    expect(codes(warnings)).to.include('scorm:file-case')
  })

  it('does not choose between two files that differ by case only', () => {
    const read2 = () => read({ files: ['a.html', 'A.html'], href: 'a.HTML' })
    expect(problemOf(read2).code).to.equal('scorm:manifest-resource-missing')
  })

  it('takes the first organization when the default dangles, with a warning', () => {
    const { manifest, warnings } = read({ organizations: 'default="NONE"' })
    expect(manifest.title).to.equal('Course')
    expect(codes(warnings)).to.include('scorm:default-organization-missing')
  })

  it('keeps what 1.2 says of mastery, time and launch data', () => {
    const { manifest } = read({
      items: `<item identifier="I" identifierref="R"><title>A</title>
        <adlcp:masteryscore>80</adlcp:masteryscore><adlcp:datafromlms>x=1</adlcp:datafromlms>
        <adlcp:maxtimeallowed>00:30:00</adlcp:maxtimeallowed>
        <adlcp:timelimitaction>exit,message</adlcp:timelimitaction></item>`,
    })
    expect(manifest.items[0]).to.include({
      masteryScore: 80,
      dataFromLms: 'x=1',
      maxTimeAllowed: '00:30:00',
      timeLimitAction: 'exit,message',
    })
  })

  it('keeps what 2004 says of thresholds, passing scores, objectives and weights', () => {
    const { manifest } = read({
      standard: '2004',
      items: `<item identifier="I" identifierref="R"><title>A</title>
        <adlcp:completionThreshold completedByMeasure="true" minProgressMeasure="0.4"/>
        <imsss:sequencing><imsss:rollupRules objectiveMeasureWeight="0.5" rollupProgressCompletion="false"/>
        <imsss:objectives><imsss:primaryObjective objectiveID=" main " satisfiedByMeasure="true">
        <imsss:minNormalizedMeasure>0.6</imsss:minNormalizedMeasure></imsss:primaryObjective>
        </imsss:objectives></imsss:sequencing></item>`,
    })
    const [item] = manifest.items
    expect(item).to.include({ completionThreshold: 0.4, scaledPassingScore: 0.6, weight: 0.5 })
    expect(item).to.include({ countsForCompletion: false, countsForSuccess: true })
    expect(item?.objectives?.[0]?.id).to.equal('main')
  })

  it('says that declared sequencing is played by the table of contents', () => {
    const sequenced = read({
      standard: '2004',
      items: `<item identifier="I" identifierref="R"><imsss:sequencing>
        <imsss:controlMode choice="false"/></imsss:sequencing></item>`,
    })
    expect(codes(sequenced.warnings)).to.include('scorm:sequencing-not-applied')
    expect(codes(read({ standard: '2004' }).warnings)).to.deep.equal([])
  })

  it('names 2004 editions by their schema version, and unknown ones by their namespaces', () => {
    const edition = (version: string): string =>
      read({ standard: '2004', version }).manifest.edition
    expect(edition('CAM 1.3')).to.equal('2004-2nd')
    expect(edition('2004 4th Edition')).to.equal('2004-4th')
    expect(edition('whatever')).to.equal('2004-3rd')
  })

  it('tells resource ids that differ by case apart, and collapses the spaces around ids', () => {
    const { manifest } = read({
      items: `<item identifier="I" identifierref="  r "><title>A</title></item>`,
      resources: `<resource identifier="R" adlcp:scormtype="sco" href="big.html"/>
        <resource identifier=" r" adlcp:scormtype="sco" href="small.html"/>`,
      files: ['big.html', 'small.html'],
    })
    expect(manifest.items[0]?.launch?.path).to.equal('small.html')
  })

  it('names the byte at which the text stops being what it says it is', () => {
    const bytes = Buffer.concat([Buffer.from('<?xml version="1.0"?><a>caf'), Buffer.from([0xe9])])
    const problem = problemOf(() => decodeManifest(Buffer.concat([bytes, Buffer.from('</a>')])))
    expect(problem.code).to.equal('scorm:manifest-encoding')
    expect(problem.values.offset).to.equal(27)
  })
})

interface Sketch {
  standard?: '1.2' | '2004'
  version?: string
  organizations?: string
  items?: string
  resources?: string
  href?: string
  files?: string[]
}

function read(sketch: Sketch): ReadManifest & { manifest: ScormManifest } {
  const { standard = '1.2', href = 'index.html', organizations = 'default="O"' } = sketch
  const items = sketch.items ?? '<item identifier="I" identifierref="R"><title>Start</title></item>'
  const resources =
    sketch.resources ?? `<resource identifier="R" adlcp:scormtype="sco" href="${href}"/>`
  const version = sketch.version ?? (standard === '1.2' ? '1.2' : '2004 3rd Edition')
  const xml = `<?xml version="1.0"?><manifest identifier="M" ${namespaces[standard]}>
    <metadata><schema>ADL SCORM</schema><schemaversion>${version}</schemaversion></metadata>
    <organizations ${organizations}><organization identifier="O"><title>Course</title>
    ${items}</organization></organizations><resources>${resources}</resources></manifest>`
  const files = sketch.files ?? ['index.html']
  return parseManifest(
    xml,
    files.map((path) => ({ path, size: 1 })),
  )
}

const codes = (warnings: ReadManifest['warnings']): string[] => warnings.map(({ code }) => code)

function problemOf(act: () => unknown): ManifestProblem {
  try {
    act()
  } catch (error) {
    if (error instanceof ManifestProblem) return error
    throw error
  }
  throw new Error('nothing was refused')
}
