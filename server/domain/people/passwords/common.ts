import { readFileSync } from 'node:fs'
import { folded } from '../../../platform/words.js'

/** Whether many people have a password, or have it with digits and signs around it, or it hardly changes from character to character. */
export function isCommon(password: string): boolean {
  const typed = folded(password)
  const core = typed.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '')
  return isUniform(typed) || common().has(typed) || common().has(core)
}

const fewestDifferent = 4

/** `aaaaaaaaaa`, `1212121212`, `abcdefghij` and `9876543210`. */
function isUniform(text: string): boolean {
  const codes = [...text].map((character) => character.codePointAt(0) ?? 0)
  const steps = codes.slice(1).map((code, at) => code - (codes[at] ?? 0))
  return new Set(codes).size < fewestDifferent || new Set(steps).size === 1
}

let list: ReadonlySet<string> | undefined

/** Read once, when the first password is chosen. */
const common = (): ReadonlySet<string> =>
  (list ??= new Set(
    readFileSync(new URL('common.txt', import.meta.url), 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#')),
  ))
