import type { Invented } from '../../platform/seeds.js'
import { now } from '../../platform/clock.js'
import { addEvidenceInBulk, type NewEvidence } from './evidence.js'
import { idOf } from './content.js'
import { settleQuietly } from './levels.js'
import { FrameworkModel, type Framework } from './models.js'

const day = 86_400_000

/** Twenty rows of evidence for each of invented people, and the levels that follow. */
export async function addCrowdEvidence(people: readonly Invented[]): Promise<void> {
  const framework = await FrameworkModel.findById(idOf('managerial', 1)).lean<Framework>()
  const competencies = (framework?.competencies ?? []).map(({ id }) => id)
  const rows = people.flatMap((one) =>
    competencies.flatMap((competency, at) => evidenceFor(one, competency, at)),
  )
  await settleQuietly(await addEvidenceInBulk(rows))
}

/** What somebody says of themself, a measurement, and of every second competency another a year before. */
function evidenceFor({ id, number }: Invented, competency: string, at: number): NewEvidence[] {
  const kinds = ['self', 'measurement', ...(at % 2 === 0 ? ['measurement' as const] : [])] as const
  return kinds.map((kind, turn) => ({
    _id: `crowd|${id}|${competency}|${turn}`,
    person: id,
    competency,
    kind,
    level: 1 + ((number * 7 + at * 3 + turn) % 5),
    assurance: kind === 'self' ? 'declared' : 'server-marked',
    source: kind === 'self' ? 'competencies:self-rating' : 'competencies:prior-learning',
    sourceId: `crowd|${id}|${turn}`,
    about: kind === 'self' ? '' : `Session ${1 + ((number + at) % 40)}`,
    at: new Date(Number(now()) - (30 + turn * 180 + ((number + at) % 150)) * day),
  }))
}
