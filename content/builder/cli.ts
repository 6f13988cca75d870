/* eslint-disable no-console -- what a command says is its result */
import { checkModule } from './lint.js'
import { describe } from './problems.js'

/** Prints what is wrong with each folder, file and line first. Answers the exit code: 1 with errors. */
export function contentLint(folders: readonly string[]): number {
  let errors = 0
  for (const folder of folders) {
    const { problems } = checkModule(folder)
    for (const problem of problems) console.log(describe(problem))
    const wrong = problems.filter(({ level }) => level === 'error').length
    console.log(`${folder}: ${wrong} errors, ${problems.length - wrong} warnings`)
    errors += wrong
  }
  if (folders.length === 0) console.error('name a course folder')
  return errors > 0 || folders.length === 0 ? 1 : 0
}
