import { now, recordProgress, type Progress } from '#core'
import { rollUp } from './runtime/rollup.js'
import { currentLaunch, type Runtime } from './runtime/runtime.js'
import { manifestOf } from './sources.js'

/** Tells the course what an attempt has come to. An owed step: said twice, it is the same. */
export async function reportProgress(runtime: Runtime): Promise<void> {
  const { items } = await manifestOf(runtime.version)
  const { completion, success, score, totalSeconds, items: parts } = rollUp(runtime, items)
  await recordProgress(runtime._id, {
    completion,
    success,
    ...(score && { score }),
    seconds: totalSeconds,
    savedAt: runtime.savedAt ?? now(),
    // Whoever holds the browser can say anything: see docs on what SCORM can prove.
    assurance: 'declared',
    ...bookmarkOf(runtime),
    items: parts.map(({ title, result, seconds }) => ({
      title,
      completion: result.completion,
      success: result.success,
      seconds,
    })),
  })
}

/** The page its learner was at last, in words of the content's own, and the count of openings. */
function bookmarkOf(runtime: Runtime): Pick<Progress, 'bookmark'> {
  const { sco, location } = currentLaunch(runtime)?.commits.at(-1) ?? {}
  return location ? { bookmark: { place: `${sco} ${location}`, visit: runtime.epoch } } : {}
}
