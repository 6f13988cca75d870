import { open } from 'lmdb'
import { performance } from 'node:perf_hooks'
import type { Slice } from './measure.js'

/** LMDB alone, each transaction on disk before the next: what the durability costs by itself. */
export function openBare(path: string) {
  const database = open<Buffer, number>({ path, encoding: 'binary', noSubdir: false })
  const document = Buffer.alloc(280, 'x')
  let id = 0
  const slice = (together: number, lengthMs: number): number => {
    const start = performance.now()
    let done = 0
    while (performance.now() < start + lengthMs) {
      database.transactionSync(() => {
        for (let n = 0; n < together; n += 1) void database.put((id += 1), document)
      })
      done += together
    }
    return (done / (performance.now() - start)) * 1000
  }
  return {
    /** Documents, so many in each transaction. */
    together:
      (count: number): Slice =>
      (lengthMs) =>
        slice(count, lengthMs),
    close: () => database.close(),
  }
}
