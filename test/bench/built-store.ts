import { execFileSync } from 'node:child_process'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { RunningStoreProcess } from '../../server/store/launcher.js'

/** What an institution runs, not the sources under tsx; any command of Palier's builds it when it is not there. */
export async function builtStore(): Promise<{
  startStore: (options: { dataDir: string }) => Promise<RunningStoreProcess>
}> {
  const command = fileURLToPath(new URL('../../server/cli/palier.mjs', import.meta.url))
  execFileSync(process.execPath, [command, '--help'], { stdio: ['ignore', 'ignore', 'inherit'] })
  const file = fileURLToPath(new URL('../../dist/server/store/launcher.js', import.meta.url))
  return (await import(pathToFileURL(file).href)) as Awaited<ReturnType<typeof builtStore>>
}
