import { createHash } from 'node:crypto'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/**
 * Three characters for each id, so that a bookmark fits into 4,096 characters and survives a new
 * version of the course: a key depends on its id alone, unless two ids meet.
 */
export function keyMaker(): (id: string) => string {
  const taken = new Map<string, string>()
  return (id) => {
    for (let salt = 0; ; salt += 1) {
      const key = keyOf(`${id}#${salt}`)
      const owner = taken.get(key)
      if (owner !== undefined && owner !== id) continue
      taken.set(key, id)
      return key
    }
  }
}

function keyOf(text: string): string {
  const [a = 0, b = 0, c = 0] = createHash('sha256').update(text).digest()
  return [a, b, c].map((byte) => alphabet[byte % alphabet.length]).join('')
}
