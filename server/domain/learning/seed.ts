import { Readable } from 'node:stream'
import { readCourseFile, readDemo, type Demo } from '../../../content/demo/demo.js'
import { mediaTypeOf } from '../../http/media-types.js'
import type { Id } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import type { Seed } from '../../platform/seeds.js'
import { storage } from '../../platform/storage.js'
import { ancestorsOf } from '../organisation/units.js'
import { keptFrom } from './changing.js'
import { criteriaOf } from './forms.js'
import { CourseModel, type Activity, type Course } from './models.js'
import { seedPackage } from './seed-packages.js'

const day = 86_400_000

/** The courses of the demo institution, with their pages, files and packages. */
export const demoCourses: Seed = {
  id: 'learning:demo-courses',
  async run() {
    const { courses, institution } = readDemo()
    const unit = institution.units[0]?.id ?? ''
    const units = await ancestorsOf(unit)
    const known = await CourseModel.find({}, { _id: 1 }).lean<{ _id: Id }[]>()
    const there = new Set(known.map(({ _id }) => _id))
    const missing = courses.filter(({ id }) => !there.has(id))
    const made = await Promise.all(missing.map((source) => courseFrom(source, { unit, units })))
    await CourseModel.insertMany(made)
  },
}

type Source = Demo['courses'][number]

async function courseFrom(source: Source, place: Pick<Course, 'unit' | 'units'>): Promise<Course> {
  const { id, title, language, summary, keywords, status, trainers, outcomes } = source
  const activities = await stepsFrom(source)
  return {
    _id: id,
    title,
    language,
    summary,
    keywords,
    status,
    version: status === 'published' ? 1 : 0,
    ...place,
    trainers,
    outcomes,
    prerequisites: source.prerequisites,
    enrolment: source.enrolment,
    attempt: 'best',
    activities,
    ...keptFrom({ title, summary, keywords, activities }),
    enrolled: 0,
    completed: 0,
    counts: 0,
    revision: 0,
    createdAt: daysAgo(source.createdDaysAgo),
    ...(source.publishedDaysAgo !== undefined && {
      publishedAt: daysAgo(source.publishedDaysAgo),
    }),
  }
}

async function stepsFrom({ id, trainers, activities }: Source): Promise<Activity[]> {
  const steps = await Promise.all(
    activities.map((source) => stepFrom(source, { course: id, by: trainers[0] ?? '' })),
  )
  return steps.filter((step) => step !== undefined)
}

async function stepFrom(
  source: Source['activities'][number],
  { course, by }: { course: Id; by: Id },
): Promise<Activity | undefined> {
  const { id, kind, title, minutes } = source
  const step = { id, kind, title, minutes, criterion: criteriaOf[kind][0], required: true }
  if (source.kind === 'page') return { ...step, text: readCourseFile(source.file).toString('utf8') }
  if (source.kind === 'discussion') return { ...step, text: source.prompt }
  if (source.kind === 'file') return { ...step, file: await keep(source.file) }
  const version = await seedPackage(source, { id: `${course}-${id}`, course, activity: id, by })
  return version ? { ...step, version } : undefined
}

async function keep(path: string): Promise<NonNullable<Activity['file']>> {
  const content = readCourseFile(path)
  const { hash, size } = await storage.put(Readable.from([content]))
  const name = path.split('/').at(-1) ?? path
  return { hash, size, name, type: mediaTypeOf(name) }
}

const daysAgo = (days: number): Date => new Date(now().getTime() - days * day)
