/* eslint-disable no-console -- what a command says is its result */
import { describe, type Problem } from '../../content/builder/problems.js'

/** Prints the findings about a course, file and line first, and answers how many are errors. */
export function report(folder: string, problems: readonly Problem[]): number {
  for (const problem of problems) console.log(describe(problem))
  const errors = problems.filter(({ level }) => level === 'error').length
  const warnings = problems.length - errors
  console.log(`${folder}: ${counted(errors, 'error')}, ${counted(warnings, 'warning')}`)
  return errors
}

const counted = (many: number, what: string): string => `${many} ${what}${many === 1 ? '' : 's'}`
