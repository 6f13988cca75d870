const FIRST_SIZE = 4096
/** What is added to a power of two, so that negative ones come first as bytes. */
const EXPONENT_BIAS = 0x8000
/** Bits of a fraction that are always written, as those of a double are. */
const SHORT_BITS = 56n
/** Bits that tell any two decimals of 34 digits apart. */
const LONG_BITS = 120n
const REST_BITS = LONG_BITS - SHORT_BITS
const REST_MASK = (1n << REST_BITS) - 1n

/** Collects the bytes of a key; one is used again and again. */
export class KeyWriter {
  #buffer = Buffer.allocUnsafe(FIRST_SIZE)
  #length = 0

  get length(): number {
    return this.#length
  }

  clear(): void {
    this.#length = 0
  }

  /** A copy of what was written. */
  bytes(): Buffer {
    return Buffer.from(this.#buffer.subarray(0, this.#length))
  }

  byte(value: number): void {
    this.#reserve(1)
    this.#buffer[this.#length] = value
    this.#length += 1
  }

  uint32(value: number): void {
    this.#reserve(4)
    this.#length = this.#buffer.writeUInt32BE(value, this.#length)
  }

  slice(from: Buffer, start: number, end: number): void {
    this.#reserve(end - start)
    from.copy(this.#buffer, this.#length, start, end)
    this.#length += end - start
  }

  /** Text ends with two zeros; a zero in it is followed by 255, which comes after any ending. */
  text(from: Buffer, start: number, end: number): void {
    this.#reserve((end - start) * 2 + 2)
    for (let at = start; at < end; at += 1) {
      const byte = from[at] ?? 0
      this.#buffer[this.#length++] = byte
      if (byte === 0) this.#buffer[this.#length++] = 0xff
    }
    this.#buffer[this.#length++] = 0
    this.#buffer[this.#length++] = 0
  }

  /** The magnitude of a normal double: power of two, fraction, and that nothing follows. */
  double(value: number): void {
    this.#reserve(18)
    const at = this.#length
    this.#buffer.writeDoubleBE(value, at + 8)
    const high = this.#buffer.readUInt32BE(at + 8)
    const low = this.#buffer.readUInt32BE(at + 12)
    this.#buffer.writeUInt16BE(((high >>> 20) & 0x7ff) - 1023 + EXPONENT_BIAS, at)
    this.#buffer.writeUIntBE(((high & 0xfffff) << 4) | (low >>> 28), at + 2, 3)
    this.#buffer.writeUInt32BE((low << 4) >>> 0, at + 5)
    this.#buffer[at + 9] = 0
    this.#length = at + 10
  }

  /** Any positive fraction in the same form, with what a double has no room for behind it. */
  rational(numerator: bigint, denominator: bigint): void {
    const power = powerOfTwo(numerator, denominator)
    const shift = LONG_BITS - BigInt(power)
    const scaled = shift >= 0n ? numerator << shift : numerator
    const divisor = shift >= 0n ? denominator : denominator << -shift
    const fraction = scaled / divisor - (1n << LONG_BITS)
    const isCut = scaled % divisor !== 0n
    const rest = fraction & REST_MASK
    this.#reserve(19)
    let at = this.#buffer.writeUInt16BE(power + EXPONENT_BIAS, this.#length)
    const short = fraction >> REST_BITS
    at = this.#buffer.writeUIntBE(Number(short >> 32n), at, 3)
    at = this.#buffer.writeUInt32BE(Number(short & 0xffffffffn), at)
    const isShort = rest === 0n && !isCut
    at = this.#buffer.writeUInt8(isShort ? 0 : 1, at)
    if (!isShort) {
      at = this.#buffer.writeBigUInt64BE(rest, at)
      at = this.#buffer.writeUInt8(isCut ? 1 : 0, at)
    }
    this.#length = at
  }

  /** Turns the order of what was written since a position round. */
  complement(start: number): void {
    for (let at = start; at < this.#length; at += 1)
      this.#buffer[at] = ~(this.#buffer[at] ?? 0) & 0xff
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes
    if (needed <= this.#buffer.length) return
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2))
    this.#buffer.copy(larger, 0, 0, this.#length)
    this.#buffer = larger
  }
}

/** The greatest power of two that is not more than a fraction. */
function powerOfTwo(numerator: bigint, denominator: bigint): number {
  const power = bitLength(numerator) - bitLength(denominator)
  const isMore =
    power >= 0
      ? numerator < denominator << BigInt(power)
      : numerator << BigInt(-power) < denominator
  return isMore ? power - 1 : power
}

function bitLength(value: bigint): number {
  const digits = value.toString(16)
  return digits.length * 4 - Math.clz32(Number.parseInt(digits[0] ?? '0', 16)) + 28
}
