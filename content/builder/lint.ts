import { compile, type Compiled } from './compile.js'
import { compareLanguages } from './languages.js'
import { sorted, type Problem } from './problems.js'
import { readModule, type Language, type ModuleSources } from './sources.js'

export interface Checked {
  readonly problems: readonly Problem[]
  readonly sources?: ModuleSources
  readonly compiled: ReadonlyMap<Language, Compiled>
}

/** Reads and compiles every language of a module, and compares them. */
export function checkModule(folder: string): Checked {
  const problems: Problem[] = []
  const sources = readModule(folder, problems)
  if (!sources) return { problems: sorted(problems), compiled: new Map() }
  const compiled = new Map<Language, Compiled>()
  for (const language of sources.meta.languages) {
    const made = compile(sources, language, problems)
    if (made) compiled.set(language, made)
  }
  compareLanguages(sources, compiled, problems)
  return { problems: sorted(problems), sources, compiled }
}
