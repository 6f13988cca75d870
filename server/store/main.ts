import { performance } from 'node:perf_hooks'
import { serve, type ServeOptions } from './server.js'

/** What the launcher tells this program in `PALIER_STORE`. */
type Orders = ServeOptions

/** How often an orphan looks whether its parent still lives. */
const PARENT_CHECK_MS = 2000

async function main(): Promise<void> {
  const orders = JSON.parse(process.env['PALIER_STORE'] ?? '{}') as Orders
  const running = await serve(orders)
  const stop = (): void => {
    void running.close().then(() => process.exit(0))
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', () => undefined)
  process.once('disconnect', stop)
  endWithParent(stop)
  process.send?.({ ready: true, address: running.address, ms: performance.now() })
}

/** Ends an orphan even when the channel to its parent was never there. */
function endWithParent(stop: () => void): void {
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent) stop()
  }, PARENT_CHECK_MS).unref()
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error)
  process.send?.({ failed: message })
  process.stderr.write(`${message}\n`)
  process.exitCode = 1
  process.disconnect?.()
})
