export interface Problem {
  readonly file: string
  readonly line: number
  readonly level: 'error' | 'warning'
  readonly rule: string
  readonly message: string
}

/** Notes what is wrong in one file; lines count from 1. */
export interface Report {
  (line: number, rule: string, message: string): void
  warn(line: number, rule: string, message: string): void
}

/** A reporter for one file, adding to a list that all files share. */
export function reporter(problems: Problem[], file: string): Report {
  const noting = (level: Problem['level']) => (line: number, rule: string, message: string) => {
    problems.push({ file, line, level, rule, message })
  }
  return Object.assign(noting('error'), { warn: noting('warning') })
}

/** For reading something a second time. */
export const silent: Report = reporter([], '')

/** In reading order, each problem once. */
export function sorted(problems: readonly Problem[]): Problem[] {
  const byText = new Map(problems.map((problem) => [describe(problem), problem]))
  return [...byText.values()].sort(
    (a, b) => a.file.localeCompare(b.file, 'en') || a.line - b.line || a.rule.localeCompare(b.rule),
  )
}

/** `file:line: error rule: what to do`, the form editors make clickable. */
export function describe({ file, line, level, rule, message }: Problem): string {
  return `${file}:${line}: ${level} ${rule}: ${message}`
}
