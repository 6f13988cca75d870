import type { LedgerCommit } from './ledger.js'

/** A commit with the launch it belongs to: what the device keeps until the server has it. */
export interface Envelope extends LedgerCommit {
  readonly attempt: string
  readonly launch: string
  readonly epoch: number
  readonly launchSeq: number
  readonly sentAt: string
}

/** Whose work it is: the key's beginning, so that two people at one computer never send each other's. */
export interface Owner {
  readonly institution: string
  readonly person: string
}

const storeName = 'commits'

/** What this device holds and the server has not acknowledged. Absent where the browser keeps nothing (private window). */
export class Outbox {
  readonly #database: IDBDatabase
  readonly #owner: Owner

  private constructor(database: IDBDatabase, owner: Owner) {
    this.#database = database
    this.#owner = owner
  }

  static async open(owner: Owner): Promise<Outbox | undefined> {
    try {
      const request = indexedDB.open('palier-outbox', 1)
      request.onupgradeneeded = () => request.result.createObjectStore(storeName)
      return new Outbox(await settled(request), owner)
    } catch {
      return undefined
    }
  }

  /** Keeps a commit in place of earlier ones of its item and epoch, which it contains. Resolves once it is durable. */
  async keep(envelope: Envelope): Promise<void> {
    const transaction = this.#begin('readwrite')
    const store = transaction.objectStore(storeName)
    store.delete(this.#range(envelope, envelope.seq))
    store.put(envelope, this.#key(envelope))
    await completed(transaction)
  }

  /** Forgets a commit the server has, and what it contained. */
  async drop(envelope: Envelope): Promise<void> {
    const transaction = this.#begin('readwrite')
    transaction.objectStore(storeName).delete(this.#range(envelope, envelope.seq + 1))
    await completed(transaction)
  }

  /** Everything held for an attempt, oldest epoch first. */
  async held(attempt: string): Promise<Envelope[]> {
    const from = [this.#owner.institution, this.#owner.person, attempt]
    const range = IDBKeyRange.bound(from, [...from, []])
    const found = this.#begin('readonly').objectStore(storeName).getAll(range) as IDBRequest<
      Envelope[]
    >
    const held = await settled(found)
    return held.sort((a, b) => a.epoch - b.epoch || a.seq - b.seq)
  }

  #begin(mode: IDBTransactionMode): IDBTransaction {
    return this.#database.transaction(storeName, mode, { durability: 'strict' })
  }

  #key({ attempt, sco, epoch, seq }: Envelope): IDBValidKey {
    return [this.#owner.institution, this.#owner.person, attempt, sco, epoch, seq]
  }

  /** All of one item and epoch below a sequence. */
  #range(envelope: Envelope, below: number): IDBKeyRange {
    const from = this.#key({ ...envelope, seq: 0 })
    const to = this.#key({ ...envelope, seq: below })
    return IDBKeyRange.bound(from, to, false, true)
  }
}

const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('the device refused'))
  })

const completed = (transaction: IDBTransaction): Promise<void> =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(transaction.error ?? new Error('the device gave up'))
    transaction.onerror = () => reject(transaction.error ?? new Error('the device failed'))
  })
