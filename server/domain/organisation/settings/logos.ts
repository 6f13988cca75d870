import { createReadStream } from 'node:fs'
import { buffer } from 'node:stream/consumers'
import { Invalid } from '../../../errors.js'
import type { UploadedFile } from '../../../http/routes.js'
import { storage } from '../../../platform/storage.js'

/** The largest logo that is taken, in bytes: every first visit loads it. */
export const largestLogo = 200_000

/** A picture in the storage, with its size in pixels so that the page does not move when it comes. */
export interface Logo {
  readonly hash: string
  readonly type: 'image/png' | 'image/jpeg' | 'image/webp'
  readonly width: number
  readonly height: number
}

/** Keeps a logo. By its own bytes, not its name, it is a PNG, JPEG or WebP; else `Invalid('organisation:logo-kind')`. */
export async function keepLogo({ path }: UploadedFile): Promise<Logo> {
  const bytes = await buffer(createReadStream(path))
  const picture = pictureIn(bytes)
  if (!picture || picture.width === 0 || picture.height === 0) throw unreadable()
  const { hash } = await storage.put(createReadStream(path))
  return { hash, ...picture }
}

const unreadable = (): Invalid =>
  new Invalid('organisation:logo-kind', {
    errors: [{ path: 'logo', code: 'organisation:logo-kind' }],
  })

type Picture = Omit<Logo, 'hash'>

/** Kind and size of a picture; nothing for what is none of the three. */
export function pictureIn(bytes: Buffer): Picture | undefined {
  try {
    return png(bytes) ?? jpeg(bytes) ?? webp(bytes)
  } catch (error) {
    // It ends before it has said its size.
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** PNG §5.2 and §11.2.1: a signature, then the header with the size. */
function png(bytes: Buffer): Picture | undefined {
  if (bytes.toString('hex', 0, 8) !== '89504e470d0a1a0a') return undefined
  if (bytes.toString('latin1', 12, 16) !== 'IHDR') return undefined
  return { type: 'image/png', width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }
}

/** ITU T.81, annex B: segments one after the other, until the one that begins a frame. */
function jpeg(bytes: Buffer): Picture | undefined {
  if (bytes.toString('hex', 0, 3) !== 'ffd8ff') return undefined
  let at = 2
  while (at < bytes.length && bytes[at] === 0xff) {
    const marker = bytes.readUInt8(at + 1)
    if (beginsFrame(marker)) {
      const [height, width] = [bytes.readUInt16BE(at + 5), bytes.readUInt16BE(at + 7)]
      return { type: 'image/jpeg', width, height }
    }
    at += marker === 0xff ? 1 : 2 + bytes.readUInt16BE(at + 2)
  }
  return undefined
}

/** SOF0 to SOF15, without the tables that lie among them. */
const beginsFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)

/** RFC 9649 §2: a RIFF container whose first chunk says the size in one of three ways. */
function webp(bytes: Buffer): Picture | undefined {
  if (bytes.toString('latin1', 0, 4) !== 'RIFF') return undefined
  if (bytes.toString('latin1', 8, 12) !== 'WEBP') return undefined
  const size = webpSizes[bytes.toString('latin1', 12, 16)]?.(bytes)
  return size && { type: 'image/webp', ...size }
}

type Size = Pick<Logo, 'width' | 'height'>

const webpSizes: Readonly<Record<string, (bytes: Buffer) => Size>> = {
  'VP8 ': (bytes) => ({
    width: bytes.readUInt16LE(26) & 0x3fff,
    height: bytes.readUInt16LE(28) & 0x3fff,
  }),
  VP8L: (bytes) => {
    const packed = bytes.readUInt32LE(21)
    return { width: (packed & 0x3fff) + 1, height: ((packed >>> 14) & 0x3fff) + 1 }
  },
  VP8X: (bytes) => ({ width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 }),
}
