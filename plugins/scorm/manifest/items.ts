import type { ManifestWarning, ScormItem, Standard } from '../contract.js'
import { withParameters, type PackageFiles } from './addresses.js'
import { ManifestProblem } from './problems.js'
import type { Resource } from './resources.js'
import { numberIn, readSequencing, truthy } from './sequencing.js'
import { attribute, child, childrenNamed, textOf, type XmlElement } from './xml.js'

const mostItems = 5000

/** What reading the items needs of the rest of the manifest. */
export interface ItemSources {
  readonly standard: Standard
  readonly resources: ReadonlyMap<string, Resource>
  readonly files: PackageFiles
  readonly collections: ReadonlyMap<string, XmlElement>
  warn(warning: ManifestWarning): void
}

/** The items of an organization, flattened in reading order. Refuses doubles, danglers and absent files, by name. */
export function readItems(organization: XmlElement, sources: ItemSources): ScormItem[] {
  const items: ScormItem[] = []
  const seen = new Set<string>()
  const visit = (parent: XmlElement, depth: number): void => {
    for (const element of childrenNamed(parent, 'item')) {
      if (items.length >= mostItems) {
        throw new ManifestProblem('manifest-too-many-items', { limit: mostItems })
      }
      const item = readItem(element, depth, sources)
      if (seen.has(item.identifier)) {
        throw new ManifestProblem('manifest-duplicate-id', { identifier: item.identifier })
      }
      seen.add(item.identifier)
      items.push(item)
      visit(element, depth + 1)
    }
  }
  visit(organization, 0)
  return items
}

function readItem(element: XmlElement, depth: number, sources: ItemSources): ScormItem {
  const identifier = attribute(element, 'identifier')
  if (!identifier) throw new ManifestProblem('manifest-item-unnamed', { line: element.line })
  return {
    identifier,
    title: textOf(element, 'title') ?? identifier,
    depth,
    visible: truthy(attribute(element, 'isvisible'), true),
    ...readSequencing(element, sources.collections),
    ...readLaunch(element, identifier, sources),
    ...(sources.standard === '1.2' ? read12(element, identifier, sources) : read2004(element)),
  }
}

function readLaunch(
  element: XmlElement,
  identifier: string,
  { resources, files, warn }: ItemSources,
): Partial<ScormItem> {
  const reference = attribute(element, 'identifierref')
  if (!reference) return {}
  const resource = resources.get(reference)
  if (!resource) {
    throw new ManifestProblem('manifest-ref-dangling', { item: identifier, reference })
  }
  if (!resource.launch) {
    throw new ManifestProblem('manifest-no-launch', { item: identifier, resource: reference })
  }
  const file = files.find(resource.launch.path)
  if (!file) {
    throw new ManifestProblem('manifest-resource-missing', {
      file: resource.launch.path,
      reference,
    })
  }
  if (file !== resource.launch.path) {
    warn({ code: 'scorm:file-case', values: { named: resource.launch.path, found: file } })
  }
  const launch = withParameters(
    { ...resource.launch, path: file },
    attribute(element, 'parameters'),
  )
  return { launch, kind: resource.kind }
}

function read12(
  element: XmlElement,
  identifier: string,
  { warn }: ItemSources,
): Partial<ScormItem> {
  const mastery = textOf(element, 'masteryscore')
  const masteryScore = numberIn(mastery, 0, 100)
  if (mastery && masteryScore === undefined) {
    warn({ code: 'scorm:mastery-score-ignored', values: { item: identifier, value: mastery } })
  }
  const time = textOf(element, 'maxtimeallowed')
  const maxTimeAllowed = time && /^\d{2,4}:\d{2}:\d{2}(\.\d{1,2})?$/.test(time) ? time : undefined
  if (time && !maxTimeAllowed) {
    warn({ code: 'scorm:max-time-ignored', values: { item: identifier, value: time } })
  }
  return present({
    masteryScore,
    maxTimeAllowed,
    timeLimitAction: textOf(element, 'timelimitaction'),
    dataFromLms: dataFromLms(element, 'datafromlms'),
    prerequisites: textOf(element, 'prerequisites'),
  })
}

function read2004(element: XmlElement): Partial<ScormItem> {
  const threshold = child(element, 'completionThreshold')
  const byMeasure = truthy(attribute(threshold, 'completedbymeasure'), false)
  // Second and third editions write the measure as the element's text.
  const written = attribute(threshold, 'minprogressmeasure') ?? threshold?.text.trim()
  const measure = numberIn(written || undefined, 0, 1)
  const applies = threshold && (byMeasure || (measure !== undefined && threshold.text.trim()))
  return present({
    completionThreshold: applies ? (measure ?? 1) : undefined,
    timeLimitAction: textOf(element, 'timeLimitAction'),
    dataFromLms: dataFromLms(element, 'dataFromLMS'),
  })
}

/** Spelled `datafromlms` in 1.2 and `dataFromLMS` later; its spaces belong to it. */
function dataFromLms(element: XmlElement, name: string): string | undefined {
  const found = element.children.find((inner) => inner.name.toLowerCase() === name.toLowerCase())
  return found?.text.trim() || undefined
}

const present = <T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
