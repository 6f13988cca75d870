import { open } from 'lmdb'
import { performance } from 'node:perf_hooks'

const MEASURE_MS = 1500

/** LMDB alone, each transaction on disk before the next: what the durability costs by itself. */
export function openBare(path: string) {
  const database = open<Buffer, number>({ path, encoding: 'binary', noSubdir: false })
  const document = Buffer.alloc(280, 'x')
  let id = 0
  return {
    /** Documents a second, so many in each transaction. */
    async perSecond(together: number): Promise<number> {
      const start = performance.now()
      let done = 0
      while (performance.now() - start < MEASURE_MS) {
        database.transactionSync(() => {
          for (let n = 0; n < together; n += 1) void database.put((id += 1), document)
        })
        done += together
        await Promise.resolve()
      }
      return (done / (performance.now() - start)) * 1000
    },
    close: () => database.close(),
  }
}
