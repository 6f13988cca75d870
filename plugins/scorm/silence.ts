import { now, type Job } from '#core'
import { config } from './config.js'
import { RuntimeModel } from './models.js'
import { closeSilent } from './runtime/opening.js'
import { currentLaunch, type Runtime } from './runtime/runtime.js'
import { changeRuntime } from './storing.js'

/** Closes launches that have said nothing for a while, as suspended. A later commit of theirs opens them again. */
export const closeSilentLaunches: Job = {
  id: 'scorm:close-silent-launches',
  every: '1 minute',
  run: async () => {
    const silentSince = new Date(now().getTime() - config.silenceSeconds * 1000)
    const open = RuntimeModel.find(
      { live: true },
      { epoch: 1, 'launches.epoch': 1, 'launches.lastAt': 1 },
    )
    for await (const runtime of open.lean<Runtime>().cursor()) {
      const launch = currentLaunch(runtime as Runtime)
      if (!launch || launch.lastAt <= silentSince) await close(runtime._id, silentSince)
    }
  },
}

/** Judged again on the whole document: a commit may have come in the meantime. */
const close = (attempt: string, silentSince: Date): Promise<void> =>
  changeRuntime(attempt, (runtime) => {
    const closed = runtime && closeSilent(runtime, silentSince, now())
    return { ...(closed && { runtime: closed }), value: undefined }
  })
