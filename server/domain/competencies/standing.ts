import type { z } from 'zod'
import type { Id } from '../../kernel/contract.js'
import { contributions } from '../../kernel/plugins.js'
import type { Format } from '../../http/format.js'
import { now } from '../../platform/clock.js'
import type { Translate } from '../../platform/i18n.js'
import { postOf, type Position } from '../organisation/positions.js'
import { peopleNamed, type PersonName } from '../people/people.js'
import { competenciesNamed, type Named } from './frameworks.js'
import { historyOf } from './history.js'
import { evidenceOf, levelsOfPeople } from './levels.js'
import type { Evidence, Level } from './models.js'
import type { changeShown, evidenceShown, standingLine } from './shown.js'

/** In whose language and time zone something is said. */
export interface Reader {
  readonly language: string
  readonly t: Translate
  readonly format: Format
}

export type StandingLine = z.input<typeof standingLine>

/** Where a person stands, competency by competency. */
export interface Standing {
  readonly post: Position | undefined
  readonly lines: StandingLine[]
}

interface Found {
  readonly reader: Reader
  readonly named: ReadonlyMap<Id, Named>
  readonly people: ReadonlyMap<Id, PersonName>
}

/** A person's levels against the post, each with what it stands on and the rule that was applied. */
export async function standingOf(person: Id, reader: Reader): Promise<Standing> {
  const [post, levels, evidence] = await Promise.all([
    postOf(person),
    levelsOfPeople([person]),
    evidenceOf(person),
  ])
  const targets = post?.profile?.targets ?? {}
  const ids = [...new Set([...Object.keys(targets), ...levels.map(({ competency }) => competency)])]
  const [named, people] = await Promise.all([
    competenciesNamed(ids, reader.language),
    peopleNamed(evidence.flatMap(({ by }) => (by ? [by] : []))),
  ])
  const lines = ids.flatMap((id) => {
    const competency = named.get(id)
    if (!competency) return []
    const level = levels.find((one) => one.competency === id)
    const own = evidence.filter((one) => one.competency === id)
    return [lineOf({ competency, level, own, target: targets[id] }, { reader, named, people })]
  })
  return { post, lines: inOrder(lines, named) }
}

interface One {
  readonly competency: Named
  readonly level: Level | undefined
  readonly own: readonly Evidence[]
  readonly target: number | undefined
}

function lineOf({ competency, level, own, target }: One, found: Found): StandingLine {
  const held = level?.level ?? 0
  const decisive = own.find(({ _id }) => _id === level?.decidedBy)
  const rule = level?.rule ?? 'nothing-yet'
  return {
    competency: competency.id,
    title: competency.title,
    framework: competency.framework,
    level: held,
    levelName: competency.scale.get(held) ?? null,
    target: target ?? null,
    targetName: competency.scale.get(target ?? 0) ?? null,
    gap: target === undefined ? null : target - held,
    self: level?.self ?? null,
    rule,
    explanation: explain(rule, { level: held, decisive }, found.reader),
    expiresAt: level?.expiresAt?.toISOString() ?? null,
    evidence: own.map((one) => evidenceLine(one, { level, own }, found)),
    changes: historyOf(own, now()).map((change) => changeLine(change, own, found.reader)),
  }
}

/** The rule in a sentence: what decided, and when. */
function explain(
  rule: Level['rule'],
  { level, decisive }: { level: number; decisive: Evidence | undefined },
  { t, format }: Reader,
): string {
  const about = decisive && (decisive.about || t(labelOf(decisive)))
  const at = decisive ? format.date(decisive.at) : ''
  return t(`competencies:rules.${rule}`, { level, at, about })
}

function evidenceLine(
  one: Evidence,
  { level, own }: Pick<One, 'level' | 'own'>,
  { reader: { t }, people }: Found,
): z.input<typeof evidenceShown> {
  return {
    id: one._id,
    kind: one.kind,
    source: one.source,
    sourceName: t(labelOf(one)),
    about: one.about,
    level: one.level,
    at: one.at.toISOString(),
    assurance: one.assurance,
    expiresAt: one.expiresAt?.toISOString() ?? null,
    by: one.by ? (people.get(one.by)?.name ?? null) : null,
    reason: one.reason ?? null,
    decided: one._id === level?.decidedBy,
    corrected: own.some(({ replaces }) => replaces === one._id),
  }
}

const labelOf = ({ source, kind }: Evidence): string =>
  contributions('evidence').find(({ id }) => id === source)?.label ?? `competencies:kinds.${kind}`

function changeLine(
  { at, from, level, rule, decidedBy }: ReturnType<typeof historyOf>[number],
  own: readonly Evidence[],
  reader: Reader,
): z.input<typeof changeShown> {
  const decisive = own.find(({ _id }) => _id === decidedBy)
  const explanation = explain(rule, { level, decisive }, reader)
  return { at: at.toISOString(), from, to: level, explanation }
}

/** What the post requires first, then the rest, each in the order of the framework. */
function inOrder(lines: readonly StandingLine[], named: ReadonlyMap<Id, Named>): StandingLine[] {
  const place = [...named.keys()]
  return lines.toSorted(
    (a, b) =>
      Number(a.target === null) - Number(b.target === null) ||
      place.indexOf(a.competency) - place.indexOf(b.competency),
  )
}
