import type { Course, PartOutline } from './course.js'
import type { Standing } from './lms.js'
import type { State } from './state.js'

/** Whether a part is done: read to its end, played to an end, or passed. */
export function isDone({ pass }: Course, part: PartOutline, state: State): boolean {
  if (part.kind === 'case') return state.ended
  if (part.kind === 'test') return state.tries > 0 && state.best >= pass
  return part.sections.length > 0 && part.sections.every(({ key }) => state.seen.has(key))
}

/** Where the learner stands in the whole course. */
export function standingOf(
  course: Course,
  state: State,
): Pick<Standing, 'progress' | 'completed' | 'passed' | 'score'> {
  const steps = stepsOf(course, state)
  const done = steps.filter(Boolean).length
  const hasTest = course.parts.some(({ kind }) => kind === 'test')
  const passed = hasTest && state.tries > 0 ? state.best >= course.pass : undefined
  const completed = course.complete === 'test' && hasTest ? passed === true : done === steps.length
  return {
    progress: completed ? 1 : done / Math.max(1, steps.length),
    completed,
    passed,
    score: hasTest && state.tries > 0 ? state.best : undefined,
  }
}

/** What completion asks for: every section of every unit, the case, the test. */
function stepsOf(course: Course, state: State): boolean[] {
  return course.parts.flatMap((part) => {
    if (part.kind === 'unit') return part.sections.map(({ key }) => state.seen.has(key))
    return part.kind === 'case' || part.kind === 'test' ? [isDone(course, part, state)] : []
  })
}
