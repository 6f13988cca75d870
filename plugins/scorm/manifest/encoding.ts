import { ManifestProblem } from './problems.js'

const declaration = /^<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']/

/** Decodes a manifest by its byte order mark, else by what it declares, else as UTF-8. Never guesses a byte. */
export function decodeManifest(bytes: Uint8Array): string {
  const marked = markedEncoding(bytes)
  const encoding = marked ?? declaredEncoding(bytes)
  return decode(bytes, encoding).replace(/^\uFEFF/, '')
}

function markedEncoding(bytes: Uint8Array): string | undefined {
  const [first, second, third] = bytes
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8'
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  // "<" and its neighbour, without a mark (XML 1.0, appendix F).
  if (first === 0x3c && second === 0) return 'utf-16le'
  if (first === 0 && second === 0x3c) return 'utf-16be'
  return undefined
}

function declaredEncoding(bytes: Uint8Array): string {
  const start = String.fromCharCode(...bytes.subarray(0, 200))
  const declared = declaration.exec(start)?.[1]?.toLowerCase() ?? 'utf-8'
  // .NET's StringWriter declares UTF-16 whatever it is saved as; these bytes have no zeros, so they are not.
  return declared.startsWith('utf-16') ? 'utf-8' : declared
}

function decode(bytes: Uint8Array, encoding: string): string {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch (error) {
    throw new ManifestProblem('manifest-encoding', {
      encoding,
      offset: error instanceof RangeError ? 0 : firstFault(bytes, encoding),
    })
  }
}

/** Where the text stops making sense: the start of the first character that cannot be. */
function firstFault(bytes: Uint8Array, encoding: string): number {
  let [good, bad] = [0, bytes.length]
  while (good + 1 < bad) {
    const middle = (good + bad) >> 1
    if (decodes(bytes.subarray(0, middle), { encoding, stream: true })) good = middle
    else bad = middle
  }
  while (good > 0 && !decodes(bytes.subarray(0, good), { encoding, stream: false })) good -= 1
  return good
}

function decodes(
  bytes: Uint8Array,
  { encoding, stream }: { encoding: string; stream: boolean },
): boolean {
  try {
    new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream })
    return true
  } catch {
    return false
  }
}
