import { randomUUID } from 'node:crypto'
import type { z } from 'zod'
import { Invalid } from '../../errors.js'
import type { UploadedFile } from '../../http/routes.js'
import type { Actor, Id } from '../../kernel/contract.js'
import { addActivity, editActivity, type PlacedActivity } from './activities.js'
import { keepFile } from './files.js'
import {
  criteriaOf,
  type activityForm,
  type newActivityForm,
  type replacePackageForm,
} from './forms.js'
import { importPackage } from './importing.js'
import type { Activity, Course } from './models.js'
import type { PackageVersion } from './package-models.js'

export type NewActivity = z.infer<typeof newActivityForm>

export interface Replacement {
  readonly form: z.infer<typeof replacePackageForm>
  readonly file: UploadedFile | undefined
}

export interface Added extends PlacedActivity {
  readonly isNew: boolean
  readonly version?: PackageVersion
}

/** Adds what a form describes as the last step of a course, with the file that came with it. Sent twice, it adds once. */
export async function addStep(
  actor: Actor,
  course: Course,
  { form, file }: { form: NewActivity; file: UploadedFile | undefined },
): Promise<Added> {
  const id = form.id ?? randomUUID()
  if (form.kind === 'package')
    return addPackage(actor, course, { id, form, file: needed(file, 'package') })
  const kept = keptWithFile.has(form.kind)
    ? await keepFile(needed(file, 'file'), form.kind as 'file' | 'video')
    : undefined
  const title = form.title ?? kept?.name ?? ''
  const activity: Activity = {
    ...described(form, { id, title }),
    ...(form.text !== undefined && { text: form.text }),
    ...(form.transcript !== undefined && { transcript: form.transcript }),
    ...(kept && { file: kept }),
  }
  return addActivity(actor, course, activity)
}

/** Changes an activity as its form says; a file that came with it takes the place of the one before. */
export async function editStep(
  actor: Actor,
  placed: PlacedActivity,
  { form, file }: { form: z.infer<typeof activityForm>; file: UploadedFile | undefined },
): Promise<PlacedActivity> {
  const { kind } = placed.activity
  if (form.criterion && !criteriaOf[kind].includes(form.criterion))
    throw unfit('criterion', 'learning:criterion-unfit')
  const kept =
    file && file.size > 0 && keptWithFile.has(kind)
      ? await keepFile(file, kind as 'file' | 'video')
      : undefined
  return editActivity(actor, placed, { ...form, ...(kept && { file: kept }) })
}

/**
 * Takes a package's next version into use. Attempts that were begun stay with theirs, unless everyone is to restart:
 * then those that are not done are superseded, and told.
 */
export async function replacePackage(
  actor: Actor,
  placed: PlacedActivity,
  { form: { id = randomUUID(), restart }, file }: Replacement,
): Promise<PlacedActivity> {
  const { course, activity } = placed
  if (activity.kind !== 'package') throw unfit('package', 'learning:not-a-package')
  const upload = { id, course: course._id, activity: activity.id, file: needed(file, 'package') }
  const { _id: version } = await importPackage(actor, upload)
  return editActivity(actor, placed, {
    version,
    ...(restart === 'everyone' && { restart: version }),
  })
}

const keptWithFile: ReadonlySet<Activity['kind']> = new Set(['file', 'video'])

/** The version is there before the activity names it: a crash between the two leaves nothing that is shown. */
async function addPackage(
  actor: Actor,
  course: Course,
  { id, form, file }: { id: Id; form: NewActivity; file: UploadedFile },
): Promise<Added> {
  const version = await importPackage(actor, { id, course: course._id, activity: id, file })
  const title = form.title ?? (version.report.title.slice(0, 200) || version.name)
  const activity = { ...described(form, { id, title }), version: version._id }
  return { ...(await addActivity(actor, course, activity)), version }
}

const described = (
  { kind, criterion, required, minutes }: NewActivity,
  { id, title }: { id: Id; title: string },
): Activity => ({
  id,
  kind,
  title,
  criterion: criterion ?? criteriaOf[kind][0],
  required: required ?? true,
  ...(minutes !== undefined && { minutes }),
})

function needed(file: UploadedFile | undefined, path: 'package' | 'file'): UploadedFile {
  if (file && file.size > 0) return file
  throw unfit(path, path === 'package' ? 'packages:missing' : 'learning:file-empty')
}

const unfit = (path: string, code: string): Invalid =>
  new Invalid(code, { errors: [{ path, code }] })
