import type { z } from 'zod'
import type { Translate } from '../../platform/i18n.js'
import { peopleNamed } from '../people/people.js'
import type { PlacedActivity } from './activities.js'
import { config } from './config.js'
import type { ImportReport } from './contract.js'
import { stepLine } from './course-pages.js'
import { criteriaOf } from './forms.js'
import { type ActivityKind, type Course } from './models.js'
import { PackageVersionModel, type PackageVersion } from './package-models.js'
import { countInTheMiddle } from './superseding.js'
import type { activityCreated, activityShown, newActivityShown, reportShown } from './shown.js'

const mostVersions = 20

/** An activity as its author sees it, with what was found in its package. */
export async function activityPage(
  { course, activity }: PlacedActivity,
  t: Translate,
): Promise<z.input<typeof activityShown>> {
  const versions = await PackageVersionModel.find({ activity: activity.id }, { manifest: 0 })
    .sort({ number: -1 })
    .limit(mostVersions)
    .lean<Omit<PackageVersion, 'manifest'>[]>()
  const names = await peopleNamed(versions.map(({ by }) => by))
  const current = versions.find(({ _id }) => _id === activity.version)
  return {
    ...created({ course, activity }, current?.report, t),
    course: courseName(course),
    criteria: [...criteriaOf[activity.kind]],
    inTheMiddle: activity.kind === 'package' ? await countInTheMiddle(activity) : 0,
    versions: versions.map(({ _id, number, name, by, at }) => ({
      number,
      name,
      at: at.toISOString(),
      by: names.get(by)?.name ?? '',
      current: _id === activity.version,
    })),
  }
}

/** What a program is told of an activity it has added. */
export const created = (
  { activity }: PlacedActivity,
  report: ImportReport | undefined,
  t: Translate,
): z.input<typeof activityCreated> => ({
  id: activity.id,
  activity: {
    ...stepLine(activity),
    text: activity.text ?? null,
    transcript: activity.transcript ?? null,
    file: activity.file
      ? { name: activity.file.name, size: activity.file.size, type: activity.file.type }
      : null,
    version: activity.version ?? null,
    retired: Boolean(activity.retired),
  },
  report: report ? reportIn(report, t) : null,
})

/** What the form for a new activity of a kind offers. */
export const newActivityPage = (
  course: Course,
  kind: ActivityKind,
): z.input<typeof newActivityShown> => ({
  course: courseName(course),
  kind,
  criteria: [...criteriaOf[kind]],
  maxMegabytes: config.maxUploadMb,
})

export const courseName = ({ _id, title, status }: Course) => ({ id: _id, title, status })

/** Warnings in words: `scorm:dangling-default` is said by `scorm:warnings.dangling-default`. */
const reportIn = (report: ImportReport, t: Translate): z.input<typeof reportShown> => ({
  ...report,
  items: [...report.items],
  launchFiles: [...report.launchFiles],
  warnings: report.warnings.map(({ code, values }) => ({
    code,
    detail: t(code.replace(':', ':warnings.'), values),
  })),
})
