import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Changes one place of a source file, and answers its line. Fails when the place is not there. */
export function plant(
  folder: string,
  file: string,
  change: readonly [from: string, to: string],
): number {
  const [from, to] = change
  const text = readFileSync(join(folder, file), 'utf8')
  const at = text.indexOf(from)
  if (at < 0) throw new Error(`${file} does not hold: ${from}`)
  writeFileSync(join(folder, file), text.slice(0, at) + to + text.slice(at + from.length))
  return text.slice(0, at).split('\n').length
}

/** The line a finding such as `en/case.md:12 link` names. */
export const linesIn = (finding: string): number => Number(/:(\d+) /.exec(finding)?.[1])
