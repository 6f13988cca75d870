import type { Target } from '../player/course.js'
import { escapeHtml } from './html.js'

export interface ManifestFacts {
  readonly id: string
  readonly version: string
  readonly language: string
  readonly title: string
  readonly summary: string
  /** Percentage that passes the test; 0 where the course has none. */
  readonly pass: number
  /** Whether a passed test alone completes the course. */
  readonly byTestAlone: boolean
  /** Every file of the package but the manifest, as paths from its root. */
  readonly files: readonly string[]
}

/** The `imsmanifest.xml` of a package that is one SCO. */
export function manifestOf(target: Exclude<Target, 'web'>, facts: ManifestFacts): string {
  return target === 'scorm12' ? manifest12(facts) : manifest2004(facts)
}

/**
 * SCORM 1.2 (CAM 2.3). A mastery score makes the LMS set the status from the score alone
 * (RTE 3.4.2), so it is declared only where a passed test is all the course asks for.
 */
function manifest12(facts: ManifestFacts): string {
  const mastery =
    facts.byTestAlone && facts.pass > 0
      ? `<adlcp:masteryscore>${facts.pass}</adlcp:masteryscore>`
      : ''
  return `<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="${identifier(facts)}" version="${facts.version}"
  xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
  xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
  <metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>
  <organizations default="course">
    <organization identifier="course"><title>${escapeHtml(facts.title)}</title>
      <item identifier="item" identifierref="resource" isvisible="true"><title>${escapeHtml(facts.title)}</title>${mastery}</item>
    </organization>
  </organizations>
  ${resources(facts, 'adlcp:scormtype')}
</manifest>
`
}

/** SCORM 2004 4th edition (CAM 3.4): the SCO itself says when it is completed and satisfied. */
function manifest2004(facts: ManifestFacts): string {
  const measure = facts.pass
    ? `<imsss:primaryObjective objectiveID="course" satisfiedByMeasure="true"><imsss:minNormalizedMeasure>${facts.pass / 100}</imsss:minNormalizedMeasure></imsss:primaryObjective>`
    : '<imsss:primaryObjective objectiveID="course"/>'
  return `<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="${identifier(facts)}" version="${facts.version}"
  xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"
  xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3"
  xmlns:adlseq="http://www.adlnet.org/xsd/adlseq_v1p3"
  xmlns:adlnav="http://www.adlnet.org/xsd/adlnav_v1p3"
  xmlns:imsss="http://www.imsglobal.org/xsd/imsss">
  <metadata><schema>ADL SCORM</schema><schemaversion>2004 4th Edition</schemaversion></metadata>
  <organizations default="course">
    <organization identifier="course"><title>${escapeHtml(facts.title)}</title>
      <item identifier="item" identifierref="resource" isvisible="true"><title>${escapeHtml(facts.title)}</title>
        <imsss:sequencing>
          <imsss:objectives>${measure}</imsss:objectives>
          <imsss:deliveryControls completionSetByContent="true" objectiveSetByContent="true"/>
        </imsss:sequencing>
      </item>
      <imsss:sequencing><imsss:controlMode choice="true" flow="true"/></imsss:sequencing>
    </organization>
  </organizations>
  ${resources(facts, 'adlcp:scormType')}
</manifest>
`
}

const identifier = ({ id, language }: ManifestFacts): string => `palier.${id}.${language}`

function resources({ files }: ManifestFacts, type: string): string {
  const each = files.map((file) => `    <file href="${escapeHtml(file)}"/>`).join('\n')
  return `<resources>
    <resource identifier="resource" type="webcontent" ${type}="sco" href="index.html">
${each}
    </resource>
  </resources>`
}
