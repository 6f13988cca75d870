import {
  findPerson,
  isDuplicateKey,
  notify,
  NotFound,
  now,
  owes,
  settle,
  type Events,
  type Id,
  type NotificationKind,
} from '#core'
import {
  AwardModel,
  BadgeModel,
  TallyModel,
  type Award,
  type Badge,
  type Tally,
  type Texts,
} from './models.js'
import { textIn } from './texts.js'

/** A person has earned a badge. */
export const awarded: NotificationKind<{ readonly badge: Id; readonly title: Texts }> = {
  id: 'badges:awarded',
  mail: 'at-once',
  present: ({ badge, title }, t, language) => ({
    title: t('badges:awarded.title', { title: textIn(title, language) }),
    body: t('badges:awarded.body'),
    href: `/badges/${encodeURIComponent(badge)}`,
    icon: 'award',
  }),
}

/** Awards what the completion of a course earns. Told of it twice, it awards once. */
export async function awardForCompletion({
  person,
  course,
}: Pick<Events['learning:completed'], 'person' | 'course'>): Promise<void> {
  const tally = await TallyModel.findOneAndUpdate(
    { _id: person },
    { $addToSet: { courses: course } },
    { upsert: true, returnDocument: 'after' },
  ).lean<Tally>()
  const count = tally?.courses.length ?? 1
  await awardAll(person, {
    $or: [
      { 'criterion.kind': 'completion', 'criterion.course': course },
      { 'criterion.kind': 'courses', 'criterion.count': { $lte: count } },
    ],
  })
}

/** Awards what a level earns, and every level below it. A level lost takes no badge away: it was earned. */
export async function awardForLevel({
  person,
  competency,
  to,
}: Pick<Events['competencies:level-changed'], 'person' | 'competency' | 'to'>): Promise<void> {
  await awardAll(person, {
    'criterion.kind': 'level',
    'criterion.competency': competency,
    'criterion.level': { $lte: to },
  })
}

/** What a person has earned, the latest first. */
export const awardsOf = (person: Id): Promise<Award[]> =>
  AwardModel.find({ person }).sort({ at: -1 }).lean<Award[]>().exec()

/** Who holds a badge, the latest first; `limit` of them. */
export const holdersOf = (badge: Id, limit: number): Promise<Award[]> =>
  AwardModel.find({ badge }).sort({ at: -1 }).limit(limit).lean<Award[]>().exec()

/** A few who hold a badge, for the access test. */
export const someHolders = async (): Promise<Id[]> => {
  const found = await AwardModel.find().sort({ _id: 1 }).limit(40).lean<Award[]>()
  return [...new Set(found.map(({ person }) => person))].slice(0, 5)
}

owes<Award>(AwardModel, {
  tell: async ({ person, badge }) => {
    const found = await BadgeModel.findById(badge).lean<Badge>()
    if (found) await notify(person, awarded, { data: { badge, title: found.title }, key: badge })
  },
})

async function awardAll(person: Id, criterion: object): Promise<void> {
  const badges = await BadgeModel.find({ ...criterion, retiredAt: { $exists: false } }).lean<
    Badge[]
  >()
  if (badges.length === 0) return
  const units = await unitsOf(person)
  for (const { _id, unit } of badges) if (units.includes(unit)) await award(person, _id)
}

async function award(person: Id, badge: Id): Promise<void> {
  const made: Award = {
    _id: `${person}:${badge}`,
    person,
    badge,
    at: now(),
    revision: 1,
    owed: ['tell'],
  }
  try {
    await AwardModel.create(made)
  } catch (error) {
    if (!isDuplicateKey(error)) throw error
  }
  await settle(AwardModel, made._id)
}

/** Somebody who is gone earns nothing more. */
async function unitsOf(person: Id): Promise<readonly Id[]> {
  try {
    return (await findPerson(person)).units
  } catch (error) {
    if (error instanceof NotFound) return []
    throw error
  }
}
