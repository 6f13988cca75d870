import type { Elements } from './elements.js'

/** Statuses that content may not take back, and what may still follow each. */
const mayFollow: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'core.lesson_status': {
    completed: ['completed', 'passed', 'failed'],
    failed: ['failed', 'passed'],
    passed: ['passed'],
  },
  completion_status: { completed: ['completed'] },
  success_status: { failed: ['failed', 'passed'], passed: ['passed'] },
}

/** Splits what a commit brings into what may change the state, and what may not (incomplete after completed). */
export function allowedChanges(
  state: Elements,
  values: Elements,
): { readonly allowed: Elements; readonly ignored: readonly string[] } {
  const allowed = new Map<string, string>()
  const ignored: string[] = []
  for (const [path, value] of values) {
    const followers = mayFollow[path]?.[state.get(path) ?? '']
    if (followers && !followers.includes(value)) ignored.push(path)
    else allowed.set(path, value)
  }
  return { allowed, ignored }
}
