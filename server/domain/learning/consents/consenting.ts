import { randomUUID } from 'node:crypto'
import { Invalid } from '../../../errors.js'
import type { Actor, Id } from '../../../kernel/contract.js'
import { now } from '../../../platform/clock.js'
import { wordsOf } from '../../../platform/words.js'
import { unitsNamed } from '../../organisation/units.js'
import { findPerson, institutionsOf } from '../../people/people.js'
import { CourseModel, type Course } from '../models.js'
import { ConsentModel } from './models.js'

/** Raised whenever what is agreed to says something else: whoever agreed to another text is asked again. */
const textVersion = 1

type Seen = Pick<Course, 'units' | 'trainers'>

/** The institutions besides the person's own that see who takes part in a course, and how: its own, and its trainers'. */
export async function othersSeeing(person: Id, { units, trainers }: Seen): Promise<Id[]> {
  const institutions = await institutionsOf([person, ...trainers])
  const own = institutions.get(person)
  const seeing = [units.at(-1), ...trainers.map((trainer) => institutions.get(trainer))]
  const others = seeing.flatMap((one) => (one && one !== own ? [one] : []))
  return [...new Set(others)].sort()
}

/** The names of those that see a course, in the language of the person. */
export async function namesSeeing(person: Id, id: Id): Promise<string[]> {
  const course = await CourseModel.findById(id, { units: 1, trainers: 1 }).lean<Seen>()
  const institutions = course ? await othersSeeing(person, course) : []
  if (institutions.length === 0) return []
  const { language } = await findPerson(person)
  return [...(await unitsNamed(institutions, language)).values()]
}

/**
 * Notes that the actor, who enrols, agrees to what other institutions see. Nothing is asked where there are none, where
 * it was agreed to before, or where somebody else enrols: then it is the employer's to answer for, and the person is told.
 * Throws `Invalid('learning:consent-missing')`.
 */
export async function agree(
  actor: Actor,
  course: Course,
  { person, agreed }: { readonly person: Id; readonly agreed: boolean },
): Promise<void> {
  if (actor.person !== person) return
  const institutions = await othersSeeing(person, course)
  if (institutions.length === 0 || (await isAgreed(person, course._id, institutions))) return
  if (!agreed) throw await missing(institutions, actor.language)
  await ConsentModel.create({
    ...{ _id: randomUUID(), person, course: course._id, institutions, version: textVersion },
    ...{ language: actor.language, words: wordsOf(course.title), at: now() },
  })
}

async function isAgreed(person: Id, course: Id, institutions: readonly Id[]): Promise<boolean> {
  const agreed = {
    ...{ person, course, version: textVersion, withdrawnAt: null },
    institutions: { $all: [...institutions] },
  }
  return (await ConsentModel.exists(agreed as object)) !== null
}

async function missing(institutions: readonly Id[], language: string): Promise<Invalid> {
  const names = [...(await unitsNamed(institutions, language)).values()]
  const code = 'learning:consent-missing'
  const values = { institutions: names.join(', ') }
  return new Invalid(code, {
    values,
    errors: [{ path: 'agreed', code, values }],
    members: { institutions },
  })
}
