import { readFileSync } from 'node:fs'
import type { z } from 'zod'
import {
  assignmentsSource,
  coursesSource,
  enrolmentsSource,
  evidenceSource,
  forumSource,
  institutionSource,
  peopleSource,
  postsSource,
  rolesSource,
} from './schema.js'

const folder = new URL('./', import.meta.url)

/** The whole demo institution, parsed. Throws, naming the path, when a file does not fit its schema. */
export function readDemo() {
  return {
    institution: read('institution', institutionSource),
    people: read('people', peopleSource),
    posts: read('posts', postsSource),
    roles: read('roles', rolesSource),
    evidence: read('evidence', evidenceSource),
    courses: read('courses', coursesSource),
    enrolments: read('enrolments', enrolmentsSource),
    assignments: read('assignments', assignmentsSource),
    forum: read('forum', forumSource),
  }
}

/** What `readDemo` answers. */
export type Demo = ReturnType<typeof readDemo>

/** The bytes of a course's page or file, by the `file` its activity names. */
export function readCourseFile(file: string): Buffer {
  return readFileSync(new URL(`courses/${file}`, folder))
}

function read<T>(name: string, schema: z.ZodType<T>): T {
  const content: unknown = JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8'))
  const { success, data, error } = schema.safeParse(content)
  if (!success)
    throw new Error(`content/demo/${name}.json does not fit its schema`, { cause: error })

  return data
}
