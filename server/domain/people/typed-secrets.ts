import { randomInt } from 'node:crypto'

/** Without letters and digits that look alike: it is typed from paper. */
const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789'

/** A secret to be typed from paper, in three groups of four. Twelve of 31 characters are 59 bits. */
export function typedSecret(): string {
  const group = (): string =>
    Array.from({ length: 4 }, () => alphabet[randomInt(alphabet.length)]).join('')
  return [group(), group(), group()].join('-')
}
