export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252'

/** A file's text and how it was written: by its byte order mark, else UTF-8, else what older spreadsheets write in the West. */
export function decodeText(bytes: Uint8Array): { text: string; encoding: Encoding } {
  const marked = byMark(bytes)
  if (marked) return { text: new TextDecoder(marked).decode(bytes), encoding: marked }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), encoding: 'utf-8' }
  } catch {
    return { text: fromWindows(bytes), encoding: 'windows-1252' }
  }
}

function byMark([first, second, third]: Uint8Array): Encoding | undefined {
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  return first === 0xef && second === 0xbb && third === 0xbf ? 'utf-8' : undefined
}

/** Node 20 reads `windows-1252` as Latin-1, which has control characters from 0x80 to 0x9F. */
const fromWindows = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString('latin1')
    .replace(/[\u0080-\u009f]/g, (character) => {
      const known = windows[character.charCodeAt(0) - 0x80]
      return known && known !== ' ' ? known : character
    })

/** What Windows-1252 has at 0x80 to 0x9F (WHATWG Encoding, index windows-1252); a space where it has nothing. */
const windows = '€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ'
