import type { DeclaredObjective, ScormItem } from '../contract.js'
import { attribute, child, childrenNamed, descendants, textOf, type XmlElement } from './xml.js'

const rules = new Set([
  'preConditionRule',
  'postConditionRule',
  'exitConditionRule',
  'limitConditions',
  'randomizationControls',
  'constrainedChoiceConsiderations',
])

/** Whether a package asks for an order of its own, which a table of contents does not give it. */
export function declaresSequencing(manifest: XmlElement): boolean {
  for (const element of descendants(manifest)) {
    if (rules.has(element.name)) return true
    if (element.name === 'controlMode' && limitsChoice(element)) return true
  }
  return false
}

type SequencedItem = Pick<ScormItem, 'countsForCompletion' | 'countsForSuccess' | 'weight'> &
  Partial<Pick<ScormItem, 'objectives' | 'scaledPassingScore' | 'maxTimeAllowed'>>

/** What a table of contents honours of an item's sequencing: passing score, time limit, and its part in the roll-up. */
export function readSequencing(
  item: XmlElement,
  collections: ReadonlyMap<string, XmlElement>,
): SequencedItem {
  const own = child(item, 'sequencing')
  const shared = collections.get(attribute(own, 'idref') ?? '')
  const part = (name: string): XmlElement | undefined => child(own, name) ?? child(shared, name)
  const rollup = part('rollupRules')
  const tracked = truthy(attribute(part('deliveryControls'), 'tracked'), true)
  const objectives = readObjectives(part('objectives'))
  const passing = objectives.find(({ primary }) => primary)
  const limit = attribute(part('limitConditions'), 'attemptabsolutedurationlimit')
  return {
    countsForCompletion: tracked && truthy(attribute(rollup, 'rollupprogresscompletion'), true),
    countsForSuccess: tracked && truthy(attribute(rollup, 'rollupobjectivesatisfied'), true),
    weight: tracked ? (numberIn(attribute(rollup, 'objectivemeasureweight'), 0, 1) ?? 1) : 0,
    ...(objectives.length > 0 && { objectives }),
    ...(passing?.satisfiedByMeasure && { scaledPassingScore: passing.minNormalizedMeasure }),
    ...(limit && { maxTimeAllowed: limit }),
  }
}

/** The sequencing collection's members by their ID. */
export function sequencingCollections(manifest: XmlElement): ReadonlyMap<string, XmlElement> {
  const members = childrenNamed(child(manifest, 'sequencingCollection'), 'sequencing')
  return new Map(members.map((member) => [attribute(member, 'id') ?? '', member]))
}

/** A decimal within bounds, or undefined: junk in a manifest never becomes a number. */
export function numberIn(
  text: string | undefined,
  least: number,
  most: number,
): number | undefined {
  if (text === undefined || !/^[+-]?(\d+\.?\d*|\.\d+)$/.test(text)) return undefined
  const value = Number(text)
  return value >= least && value <= most ? value : undefined
}

function readObjectives(list: XmlElement | undefined): DeclaredObjective[] {
  if (list?.name !== 'objectives') return []
  return list.children
    .filter(({ name }) => name === 'primaryObjective' || name === 'objective')
    .map((element) => ({
      id: attribute(element, 'objectiveid') ?? '',
      primary: element.name === 'primaryObjective',
      satisfiedByMeasure: truthy(attribute(element, 'satisfiedbymeasure'), false),
      minNormalizedMeasure: numberIn(textOf(element, 'minNormalizedMeasure'), -1, 1) ?? 1,
    }))
    .filter(({ id, primary }) => id || primary)
}

const limitsChoice = (mode: XmlElement): boolean =>
  attribute(mode, 'choice') === 'false' ||
  attribute(mode, 'choiceexit') === 'false' ||
  attribute(mode, 'forwardonly') === 'true'

export const truthy = (value: string | undefined, otherwise: boolean): boolean =>
  value === undefined ? otherwise : value === 'true' || value === '1'
