import yazl from 'yazl'

export interface PackageSketch {
  readonly standard?: '1.2' | '2004'
  readonly title?: string
  /** Titles of its parts; one part by default. */
  readonly parts?: readonly string[]
  /** 1.2, 0 to 100. */
  readonly masteryScore?: number
  /** 2004, scaled. */
  readonly passingScore?: number
  /** Manifest text inside the first item. */
  readonly extra?: string
  /** Files put beside the pages, or in their place. */
  readonly files?: Readonly<Record<string, string>>
}

/** A small package of Palier's own: four pages a part, a bookmark, a score, an end. */
export function buildPackage(sketch: PackageSketch = {}): Promise<Buffer> {
  const parts = sketch.parts ?? ['Welcome']
  const pages = parts.map((title, at) => [`part${at}.html`, pageOf(title)] as const)
  return zipOf({
    'imsmanifest.xml':
      sketch.standard === '2004' ? manifest2004(sketch, parts) : manifest12(sketch, parts),
    ...Object.fromEntries(pages),
    'sco.js': script,
    ...sketch.files,
  })
}

/** A zip of these files. */
export async function zipOf(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const zip = new yazl.ZipFile()
  for (const [path, text] of Object.entries(files)) zip.addBuffer(Buffer.from(text), path)
  zip.end()
  const chunks: Buffer[] = []
  for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

const resources = (parts: readonly string[], typeAttribute: string): string =>
  parts
    .map(
      (_, at) =>
        `<resource identifier="R${at}" type="webcontent" ${typeAttribute}="sco" href="part${at}.html"><file href="part${at}.html"/><file href="sco.js"/></resource>`,
    )
    .join('')

function manifest12(
  { title = 'Palier 1.2', masteryScore, extra = '' }: PackageSketch,
  parts: readonly string[],
): string {
  const mastery =
    masteryScore === undefined ? '' : `<adlcp:masteryscore>${masteryScore}</adlcp:masteryscore>`
  const items = parts
    .map(
      (part, at) =>
        `<item identifier="I${at}" identifierref="R${at}"><title>${part}</title>${mastery}${at === 0 ? extra : ''}</item>`,
    )
    .join('')
  return `<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="M" version="1.0" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
<metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>
<organizations default="O"><organization identifier="O"><title>${title}</title>${items}</organization></organizations>
<resources>${resources(parts, 'adlcp:scormtype')}</resources></manifest>`
}

function manifest2004(
  { title = 'Palier 2004', passingScore, extra = '' }: PackageSketch,
  parts: readonly string[],
): string {
  const objective =
    passingScore === undefined
      ? ''
      : `<imsss:sequencing><imsss:objectives><imsss:primaryObjective objectiveID="P" satisfiedByMeasure="true"><imsss:minNormalizedMeasure>${passingScore}</imsss:minNormalizedMeasure></imsss:primaryObjective></imsss:objectives></imsss:sequencing>`
  const items = parts
    .map(
      (part, at) =>
        `<item identifier="I${at}" identifierref="R${at}"><title>${part}</title>${at === 0 ? extra : ''}${objective}</item>`,
    )
    .join('')
  return `<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="M" version="1" xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3" xmlns:imsss="http://www.imsglobal.org/xsd/imsss">
<metadata><schema>ADL SCORM</schema><schemaversion>2004 4th Edition</schemaversion></metadata>
<organizations default="O"><organization identifier="O"><title>${title}</title>${items}</organization></organizations>
<resources>${resources(parts, 'adlcp:scormType')}</resources></manifest>`
}

const pageOf = (title: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${title}</title><script src="sco.js"></script></head>
<body><h1>${title}</h1><p>Page <output id="page">1</output> of 4</p>
<button id="next">Next</button> <button id="finish">Finish</button></body></html>`

/** Content as an author writes it: it bookmarks each page, and says its score and its end on the last. */
const script = `
const found = (function search(here, depth) {
  if (here.API_1484_11) return { api: here.API_1484_11, is2004: true }
  if (here.API) return { api: here.API, is2004: false }
  return here.parent !== here && depth < 8 ? search(here.parent, depth + 1) : undefined
})(window, 0)
const prefix = found.is2004 ? '' : 'LMS'
const names = found.is2004
  ? { location: 'cmi.location', suspend: 'cmi.suspend_data', score: 'cmi.score.raw', status: 'cmi.completion_status', time: 'cmi.session_time', exit: 'cmi.exit' }
  : { location: 'cmi.core.lesson_location', suspend: 'cmi.suspend_data', score: 'cmi.core.score.raw', status: 'cmi.core.lesson_status', time: 'cmi.core.session_time', exit: 'cmi.core.exit' }
window.sco = {
  get: (name) => found.api[prefix + 'GetValue'](names[name] || name),
  set: (name, value) => found.api[prefix + 'SetValue'](names[name] || name, String(value)),
  commit: () => found.api[prefix + 'Commit'](''),
  end: () => found.api[found.is2004 ? 'Terminate' : 'LMSFinish'](''),
  error: () => found.api[prefix + 'GetLastError'](),
}
const started = Date.now()
let ended = false
function finish(exit) {
  if (ended) return
  ended = true
  const seconds = Math.floor((Date.now() - started) / 1000)
  sco.set('time', found.is2004 ? 'PT' + seconds + 'S' : '0000:00:' + String(seconds % 60).padStart(2, '0'))
  sco.set('exit', exit)
  sco.end()
}
found.api[found.is2004 ? 'Initialize' : 'LMSInitialize']('')
addEventListener('DOMContentLoaded', () => {
  const page = document.querySelector('#page')
  page.value = sco.get('location') || '1'
  document.body.dataset.entry = sco.get(found.is2004 ? 'cmi.entry' : 'cmi.core.entry')
  if (!/completed|passed|failed/.test(sco.get('status'))) sco.set('status', 'incomplete')
  document.querySelector('#next').addEventListener('click', () => {
    page.value = Math.min(4, Number(page.value) + 1)
    sco.set('location', page.value)
    sco.set('suspend', 'pages=' + page.value)
  })
  document.querySelector('#finish').addEventListener('click', () => {
    sco.set('score', 80)
    if (found.is2004) { sco.set('cmi.score.min', 0); sco.set('cmi.score.max', 100); sco.set('cmi.score.scaled', 0.8) }
    sco.set('status', 'completed')
    finish('')
  })
})
addEventListener('pagehide', () => finish('suspend'))
`
