import { folded } from '../../../platform/words.js'
import { isCommon } from './common.js'
import type { PasswordRule } from './models.js'
import { normalised } from './passwords.js'

/** Why a password is refused: a stable code that names its sentence, and what this one says. */
export interface PasswordFault {
  readonly code: string
  readonly values?: Readonly<Record<string, string | number>>
}

/**
 * Every reason for which a password is refused. As NIST SP 800-63B-4 §3.1.1.2 and ANSSI want it: length counts, what others
 * would try first is refused, and nothing is asked of the kinds of characters. `known` is what belongs to whose it is.
 */
export function faultsOf(
  password: string,
  { minLength, refuseKnown, refuseCommon }: Omit<PasswordRule, '_id'>,
  known: readonly string[],
): PasswordFault[] {
  const typed = normalised(password)
  const word = refuseKnown ? knownIn(typed, known) : undefined
  return [
    ...([...typed].length < minLength
      ? [{ code: 'people:password-too-short', values: { minimum: minLength } }]
      : []),
    ...(word ? [{ code: 'people:password-known', values: { word } }] : []),
    ...(refuseCommon && isCommon(typed) ? [{ code: 'people:password-common' }] : []),
  ]
}

const shortest = 4
const telling = 5

/** The first part of what is known that a password contains. A short one counts where it stands by itself: `Rose`, not `prose`. */
function knownIn(password: string, known: readonly string[]): string | undefined {
  const text = folded(password)
  return partsOf(known).find((part) =>
    part.length < telling ? runsOf(text).includes(part) : text.includes(part),
  )
}

const partsOf = (known: readonly string[]): string[] =>
  known
    .map(folded)
    .flatMap((text) => [...runsOf(text), text.replace(/[^\p{L}\p{N}]/gu, '')])
    .filter((part) => part.length >= shortest)

/** Letters that stand together, and digits that do. */
const runsOf = (text: string): string[] => text.match(/\p{L}+|\p{N}+/gu) ?? []
