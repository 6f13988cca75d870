import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'

const MAGIC = 0xbeefc0de
const PAGE_HEADER = 24
const BRANCH = 1
const LEAF = 2
const OVERFLOW = 4
const BIG_DATA = 1
const SUB_DATABASE = 2
/** Up to this many pages all are looked at (0.1 s); beyond, only those that lead to others. */
const FULL_CHECK_PAGES = 25_000

/** Thrown at start when the data file cannot be what a clean or a killed store left. */
export class DamagedStore extends Error {
  constructor(file: string, what: string) {
    super(
      `The store's data file ${file} is damaged: ${what}. ` +
        'Restore the last backup with "palier restore"; the damaged file is left as it is.',
    )
  }
}

interface Tree {
  readonly depth: number
  readonly root: bigint
}

/** Follows the pages of LMDB's trees and throws a DamagedStore where one is torn or missing. */
export function checkDataFile(directory: string): void {
  const file = join(directory, 'data.mdb')
  if (!existsSync(file)) return
  const descriptor = openSync(file, 'r')
  try {
    if (fstatSync(descriptor).size > 0) new PageWalk(file, descriptor).run()
  } finally {
    closeSync(descriptor)
  }
}

class PageWalk {
  readonly #file: string
  readonly #descriptor: number
  #pageSize = 4096
  #everyPage = true

  constructor(file: string, descriptor: number) {
    this.#file = file
    this.#descriptor = descriptor
  }

  run(): void {
    const first = this.#read(0n)
    this.#checkMeta(first, 0)
    this.#pageSize = first.readUInt32LE(PAGE_HEADER + 24)
    const second = this.#read(1n)
    this.#checkMeta(second, 1)
    const latest = this.#transaction(second) > this.#transaction(first) ? second : first
    this.#everyPage = latest.readBigUInt64LE(PAGE_HEADER + 120) <= FULL_CHECK_PAGES
    this.#walk(treeAt(latest, PAGE_HEADER + 24))
    this.#walk(treeAt(latest, PAGE_HEADER + 72))
  }

  #transaction(meta: Buffer): bigint {
    return meta.readBigUInt64LE(PAGE_HEADER + 128)
  }

  #checkMeta(page: Buffer, number: number): void {
    if (page.readUInt32LE(PAGE_HEADER) !== MAGIC) this.#fail(`page ${String(number)} is no header`)
  }

  #walk({ depth, root }: Tree): void {
    if (depth === 0) return
    this.#visit(root, depth)
  }

  #visit(number: bigint, depth: number): void {
    const page = this.#read(number)
    const flags = page.readUInt16LE(18)
    const wanted = depth > 1 ? BRANCH : LEAF
    if (page.readBigUInt64LE(0) !== number || (flags & wanted) === 0)
      this.#fail(`page ${String(number)} is torn`)
    for (const node of this.#nodes(page, number)) {
      if (depth > 1) this.#descend(node, depth)
      else this.#checkLeafNode(node)
    }
  }

  #descend(node: Buffer, depth: number): void {
    const child = node.readUIntLE(0, 6)
    if (depth > 2 || this.#everyPage) this.#visit(BigInt(child), depth - 1)
    else this.#checkInside(BigInt(child))
  }

  #checkLeafNode(node: Buffer): void {
    const flags = node.readUInt16LE(4)
    const data = 8 + node.readUInt16LE(6)
    if ((flags & SUB_DATABASE) !== 0) this.#walk(treeAt(node, data))
    else if ((flags & BIG_DATA) !== 0) this.#checkOverflow(node.readBigUInt64LE(data))
  }

  #checkOverflow(number: bigint): void {
    const page = this.#read(number)
    if (page.readBigUInt64LE(0) !== number || (page.readUInt16LE(18) & OVERFLOW) === 0)
      this.#fail(`page ${String(number)} is torn`)
    this.#checkInside(number + BigInt(page.readUInt32LE(20)) - 1n)
  }

  *#nodes(page: Buffer, number: bigint): Generator<Buffer> {
    const lower = page.readUInt16LE(20)
    const upper = page.readUInt16LE(22)
    if (lower > upper || upper > this.#pageSize) this.#fail(`page ${String(number)} is torn`)
    for (let at = PAGE_HEADER; at < PAGE_HEADER + lower; at += 2) {
      const offset = page.readUInt16LE(at) + PAGE_HEADER
      if (offset + 8 > this.#pageSize) this.#fail(`page ${String(number)} is torn`)
      yield page.subarray(offset)
    }
  }

  #checkInside(number: bigint): void {
    if (Number(number + 1n) * this.#pageSize > fstatSync(this.#descriptor).size)
      this.#fail(`it ends before page ${String(number)}`)
  }

  #read(number: bigint): Buffer {
    const page = Buffer.allocUnsafe(this.#pageSize)
    const at = Number(number) * this.#pageSize
    if (readSync(this.#descriptor, page, 0, page.length, at) < page.length)
      this.#fail(`it ends before page ${String(number)}`)
    return page
  }

  #fail(what: string): never {
    throw new DamagedStore(this.#file, what)
  }
}

function treeAt(page: Buffer, offset: number): Tree {
  return { depth: page.readUInt16LE(offset + 6), root: page.readBigUInt64LE(offset + 40) }
}
