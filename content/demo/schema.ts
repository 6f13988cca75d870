import { z } from 'zod'
import { altitude, level, translated } from '../framework/schema.js'

const slug = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
const daysAgo = z.int().min(0)
const language = z.enum(['en', 'fr', 'es'])
const text = z.string().trim().min(1)

/** `<framework>:<competency or profile>`, as `managerial:customer-service`. */
const inFramework = z.string().regex(/^[a-z-]+:[a-z0-9-]+$/)

/** From one day to another, both counted back from the day of loading; without an end it still holds. */
const period = { fromDaysAgo: daysAgo, toDaysAgo: daysAgo.optional() }

const unit = z.strictObject({
  id: slug,
  kind: z.enum(['institution', 'delegation', 'department', 'office', 'hospital']),
  parent: slug.nullable(),
  name: translated,
  town: text.optional(),
})

/** The institution and the tree of its units; the first unit is the root. */
export const institutionSource = z.strictObject({
  name: translated,
  shortName: translated,
  description: translated,
  units: z.array(unit).min(1),
})

/** Accounts; who is deactivated has left and stays only in the history of posts. */
export const peopleSource = z.array(
  z.strictObject({
    id: slug,
    givenName: text,
    familyName: text,
    email: z.email().regex(/@demo\.palier$/),
    language,
    status: z.enum(['active', 'deactivated']),
  }),
)

const holder = z.strictObject({ person: slug, as: z.enum(['holder', 'deputy']), ...period })

const formerLine = z.strictObject({ post: slug, fromDaysAgo: daysAgo, toDaysAgo: daysAgo })

/** Posts with dated holders and the reporting line of today, the earlier ones apart. */
export const postsSource = z.array(
  z.strictObject({
    id: slug,
    unit: slug,
    title: translated,
    altitude,
    profile: inFramework,
    reportsTo: slug.nullable(),
    formerlyReportedTo: z.array(formerLine).optional(),
    holders: z.array(holder),
  }),
)

/** Roles granted over a unit and all below it; learner and manager are never granted. */
export const rolesSource = z.array(
  z.strictObject({
    person: slug,
    role: z.enum(['trainer', 'coordinator', 'evaluator', 'coach', 'administrator']),
    unit: slug,
    ...period,
  }),
)

/** What supports levels; `course` names the completed course, `author` who appraised. */
export const evidenceSource = z.array(
  z.strictObject({
    person: slug,
    competency: inFramework,
    kind: z.enum(['self', 'appraisal', 'measurement']),
    level,
    daysAgo,
    assurance: z.enum(['declared', 'server-marked', 'witnessed', 'supervised']),
    source: text,
    author: slug.optional(),
    course: slug.optional(),
  }),
)

const activityBase = { id: slug, title: text, minutes: z.int().positive() }

const activity = z.discriminatedUnion('kind', [
  z.strictObject({ ...activityBase, kind: z.literal('page'), file: text }),
  z.strictObject({ ...activityBase, kind: z.literal('file'), file: text }),
  z.strictObject({ ...activityBase, kind: z.literal('discussion'), prompt: text }),
  z.strictObject({ ...activityBase, kind: z.literal('package'), module: slug, language }),
])

const enrolmentRule = z.discriminatedUnion('rule', [
  z.strictObject({ rule: z.literal('open') }),
  z.strictObject({ rule: z.literal('approval') }),
  z.strictObject({ rule: z.literal('unit'), units: z.array(slug).min(1) }),
])

/** Courses; the `file` of an activity is relative to `courses/`, its `module` a folder of `content/modules/`. */
export const coursesSource = z.array(
  z.strictObject({
    id: slug,
    title: text,
    language,
    summary: text,
    keywords: z.array(text),
    trainers: z.array(slug).min(1),
    status: z.enum(['draft', 'published']),
    createdDaysAgo: daysAgo,
    publishedDaysAgo: daysAgo.optional(),
    enrolment: enrolmentRule,
    prerequisites: z.array(slug),
    outcomes: z.array(z.strictObject({ competency: inFramework, level })).min(1),
    activities: z.array(activity).min(1),
  }),
)

const activityProgress = z.strictObject({
  activity: slug,
  status: z.enum(['in-progress', 'completed']),
  daysAgo,
  minutes: z.int().positive(),
})

/** Enrolments; an activity not listed under `progress` was not opened. */
export const enrolmentsSource = z.array(
  z.strictObject({
    id: slug,
    person: slug,
    course: slug,
    status: z.enum(['requested', 'active', 'completed']),
    enrolledDaysAgo: daysAgo,
    enrolledBy: slug.optional(),
    /** Below zero where it is overdue. */
    dueInDays: z.int().optional(),
    completedDaysAgo: daysAgo.optional(),
    progress: z.array(activityProgress),
  }),
)

/** Courses assigned to people or posts of a unit, due on a day counted from the day of loading. */
export const assignmentsSource = z.array(
  z.strictObject({
    id: slug,
    course: slug,
    unit: slug,
    people: z.array(slug).min(1).optional(),
    posts: z.array(slug).min(1).optional(),
    by: slug,
    daysAgo,
    /** Below zero where it has passed. */
    dueInDays: z.int(),
    months: z.int().positive().optional(),
  }),
)

const post = z.strictObject({ author: slug, daysAgo, text })

const place = z.union([z.strictObject({ unit: slug }), z.strictObject({ course: slug })])

/** Topics with their posts, oldest first; the first post opens the topic. */
export const forumSource = z.array(
  z.strictObject({
    id: slug,
    place,
    title: text,
    language,
    pinned: z.boolean().optional(),
    closed: z.boolean().optional(),
    posts: z.array(post).min(1),
  }),
)
