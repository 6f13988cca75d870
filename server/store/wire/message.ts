/** Operation codes of the wire protocol that a server of today still meets. */
export const OP_REPLY = 1
export const OP_QUERY = 2004
export const OP_MSG = 2013

/** The largest message the protocol allows, as announced in `hello`. */
export const MAX_MESSAGE_BYTES = 48_000_000

const HEADER_BYTES = 16
const CHECKSUM_PRESENT = 1
const MORE_TO_COME = 2
/** Bits 0 to 15 must be understood; only the two above are. */
const REQUIRED_BITS = 0xffff

/** One request, its documents still raw. */
export interface Message {
  readonly requestId: number
  readonly opCode: number
  readonly body: Buffer
  readonly sequences: ReadonlyMap<string, readonly Buffer[]>
  /** The sender wants no reply to this message. */
  readonly moreToCome: boolean
  /** Only OP_QUERY names its database outside the body. */
  readonly namespace?: string
}

/** A message that breaks the protocol: its connection cannot be trusted any more. */
export class ProtocolError extends Error {}

/** Cuts a stream of chunks into whole messages. */
export class Framer {
  #chunks: Buffer[] = []
  #buffered = 0
  readonly #deliver: (message: Buffer) => void

  constructor(deliver: (message: Buffer) => void) {
    this.#deliver = deliver
  }

  /** Takes what came off the socket; throws a ProtocolError on an impossible length. */
  push(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#buffered += chunk.length
    for (let length = this.#nextLength(); length > 0; length = this.#nextLength()) {
      const all = this.#merge()
      this.#buffered -= length
      this.#chunks = this.#buffered > 0 ? [all.subarray(length)] : []
      this.#deliver(all.subarray(0, length))
    }
  }

  /** Length of the next message when it has wholly arrived, else 0. */
  #nextLength(): number {
    if (this.#buffered < 4) return 0
    const first = this.#chunks[0]
    const head = first !== undefined && first.length >= 4 ? first : this.#merge()
    const length = head.readInt32LE(0)
    if (length < HEADER_BYTES || length > MAX_MESSAGE_BYTES)
      throw new ProtocolError(`message length ${String(length)} is out of range`)
    return this.#buffered >= length ? length : 0
  }

  #merge(): Buffer {
    const [first] = this.#chunks
    if (this.#chunks.length === 1 && first !== undefined) return first
    const all = Buffer.concat(this.#chunks)
    this.#chunks = [all]
    return all
  }
}

/** Reads the request id of a whole message, for answers to those that cannot be parsed. */
export function requestIdOf(message: Buffer): number {
  return message.readInt32LE(4)
}

/** Parses one whole message; throws a ProtocolError when its parts do not add up. */
export function parseMessage(message: Buffer): Message {
  const opCode = message.readInt32LE(12)
  if (opCode === OP_MSG) return parseOpMsg(message)
  if (opCode === OP_QUERY) return parseOpQuery(message)
  throw new ProtocolError(`operation code ${String(opCode)} is not supported`)
}

function parseOpMsg(message: Buffer): Message {
  if (message.length < HEADER_BYTES + 5) throw new ProtocolError('message has no section')
  const flags = message.readUInt32LE(HEADER_BYTES)
  if ((flags & REQUIRED_BITS & ~(CHECKSUM_PRESENT | MORE_TO_COME)) !== 0)
    throw new ProtocolError('message has unknown required flag bits')
  const end = message.length - ((flags & CHECKSUM_PRESENT) === 0 ? 0 : 4)
  const sections = readSections(message.subarray(0, end), HEADER_BYTES + 4)
  return {
    requestId: requestIdOf(message),
    opCode: OP_MSG,
    moreToCome: (flags & MORE_TO_COME) !== 0,
    ...sections,
  }
}

function readSections(message: Buffer, start: number): Pick<Message, 'body' | 'sequences'> {
  const sequences = new Map<string, Buffer[]>()
  let body: Buffer | undefined
  let at = start
  while (at < message.length) {
    const kind = message[at]
    const section = sized(message, at + 1)
    if (kind === 0 && body === undefined) body = section
    else if (kind === 1) readSequence(section, sequences)
    else throw new ProtocolError(`section kind ${String(kind)} is unknown or repeated`)
    at += 1 + section.length
  }
  if (body === undefined) throw new ProtocolError('message has no body')
  return { body, sequences }
}

function readSequence(section: Buffer, into: Map<string, Buffer[]>): void {
  const nameEnd = section.indexOf(0, 4)
  if (nameEnd < 0) throw new ProtocolError('document sequence has no name')
  const name = section.toString('utf8', 4, nameEnd)
  if (into.has(name)) throw new ProtocolError(`document sequence ${name} is repeated`)
  const documents: Buffer[] = []
  for (let at = nameEnd + 1; at < section.length;) {
    const document = sized(section, at)
    documents.push(document)
    at += document.length
  }
  into.set(name, documents)
}

function parseOpQuery(message: Buffer): Message {
  const nameEnd = message.indexOf(0, 20)
  if (nameEnd < 0) throw new ProtocolError('query names no collection')
  return {
    requestId: requestIdOf(message),
    opCode: OP_QUERY,
    moreToCome: false,
    namespace: message.toString('utf8', 20, nameEnd),
    body: sized(message, nameEnd + 9),
    sequences: new Map(),
  }
}

/** The length-prefixed part at an offset. */
function sized(message: Buffer, at: number): Buffer {
  const length = at + 5 <= message.length ? message.readInt32LE(at) : -1
  if (length < 5 || at + length > message.length)
    throw new ProtocolError('a section or document is longer than its message')
  return message.subarray(at, at + length)
}

let lastReplyId = 0

/** The frame of a reply: its header, with room for the document that follows. */
export function replyHeader(
  request: Pick<Message, 'requestId' | 'opCode'>,
  length: number,
): Buffer {
  const isReply = request.opCode === OP_QUERY
  const header = Buffer.alloc(isReply ? 36 : 21)
  header.writeInt32LE(header.length + length, 0)
  lastReplyId = (lastReplyId + 1) & 0x7fffffff
  header.writeInt32LE(lastReplyId, 4)
  header.writeInt32LE(request.requestId, 8)
  header.writeInt32LE(isReply ? OP_REPLY : OP_MSG, 12)
  if (isReply) {
    header.writeInt32LE(8, 16)
    header.writeInt32LE(1, 32)
  }
  return header
}
