import { readDemo, type Demo } from '../../../content/demo/demo.js'
import { readFramework } from '../../../content/framework/framework.js'
import type { Id, Name } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import type { Seed } from '../../platform/seeds.js'
import { addCrowdEvidence } from './crowd.js'
import { addEvidenceInBulk, type NewEvidence } from './evidence.js'
import { settleQuietly } from './levels.js'
import { FrameworkModel, type Framework, type Kind } from './models.js'
import { contentOf, idOf } from './content.js'

const day = 86_400_000

/** The frameworks Palier ships, published, and what the people of the demo institution can show for themselves. */
export const demoLevels: Seed = {
  id: 'competencies:demo',
  crowd: addCrowdEvidence,
  async run() {
    const demo = readDemo()
    await seedFrameworks(demo)
    await settleQuietly(await addEvidenceInBulk(demo.evidence.map(evidenceFrom)))
  },
}

async function seedFrameworks({ institution }: Demo): Promise<void> {
  const made = (['managerial', 'digital'] as const).map((slug): Framework => {
    const version = 1
    return {
      _id: idOf(slug, version),
      slug,
      version,
      unit: institution.units[0]?.id ?? '',
      status: 'published',
      ...contentOf(readFramework(slug)),
      publishedAt: daysAgo(900),
      revision: 0,
    }
  })
  const known = await FrameworkModel.find({}, { _id: 1 }).lean<{ _id: Id }[]>()
  const there = new Set(known.map(({ _id }) => _id))
  await FrameworkModel.insertMany(made.filter(({ _id }) => !there.has(_id)))
}

type Source = Demo['evidence'][number]

const sources: Readonly<Record<Kind, Name>> = {
  self: 'competencies:self-rating',
  appraisal: 'competencies:appraisal',
  measurement: 'competencies:prior-learning',
}

/** What a completed course gave has the ids that its completion would give it: both agree whoever comes first. */
function evidenceFrom(source: Source): NewEvidence {
  const { person, competency, kind, level, assurance, course, author } = source
  const sourceId = course ? `${person}|${course}|1` : `demo|${person}|${source.daysAgo}`
  return {
    _id: `${sourceId}|${competency}${course ? '' : `|${kind}`}`,
    person,
    competency,
    kind,
    level,
    assurance,
    source: course ? 'learning:completion' : sources[kind],
    sourceId,
    about: source.source,
    ...(author && { by: author }),
    at: daysAgo(source.daysAgo),
  }
}

const daysAgo = (count: number): Date => new Date(Number(now()) - count * day)
